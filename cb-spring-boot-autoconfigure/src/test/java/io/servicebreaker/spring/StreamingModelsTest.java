package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamingModelsTest {

    @Test
    void putsAGuardedClientIntoTheModel() {
        Model model = new Model("client");

        Object bean = streaming(Model.class).postProcessBeforeInitialization(model, "model");

        assertThat(bean).isSameAs(model);
        assertThat(model.client()).isEqualTo("guarded client");
    }

    @Test
    void leavesAModelThatKeepsNoClientAsItIs() {
        Other model = new Other(1);

        Object bean = streaming(Other.class).postProcessBeforeInitialization(model, "model");

        assertThat(bean).isSameAs(model);
    }

    @Test
    void leavesAModelWhoseClientCannotBeGuardedAsItIs() {
        Model model = new Model(null);

        Object bean = streaming(Model.class).postProcessBeforeInitialization(model, "model");

        assertThat(bean).isSameAs(model);
        assertThat(model.client()).isNull();
    }

    @Test
    void leavesOtherBeansAsTheyAre() {
        Model model = new Model("client");

        streaming(Other.class).postProcessBeforeInitialization(model, "model");

        assertThat(model.client()).isEqualTo("client");
    }

    private static <M> StreamingModels<M, String> streaming(Class<M> model) {
        return new StreamingModels<>(model, String.class, client -> "guarded ".concat(client));
    }

    private static final class Model {

        private final String client;

        Model(String client) {
            this.client = client;
        }

        String client() {
            return client;
        }
    }

    private record Other(int parts) {}
}
