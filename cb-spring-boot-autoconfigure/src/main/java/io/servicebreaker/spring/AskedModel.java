package io.servicebreaker.spring;

import org.springframework.util.ClassUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** Which model a request asks for: what its body, if that is JSON, says under {@code model}. */
public final class AskedModel {

    private static final boolean JACKSON =
            ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", AskedModel.class.getClassLoader());

    private AskedModel() {}

    /** The id of the model, or empty if the body names none or Jackson 3 is absent. */
    public static String in(byte[] json) {
        return JACKSON ? Reader.read(json) : "";
    }

    /** Apart, since Jackson may be absent. */
    private static final class Reader {

        static String read(byte[] json) {
            try (JsonParser parser = JsonMapper.shared().createParser(json)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    return "";
                }
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean wanted = "model".equals(parser.currentName());
                    if (parser.nextToken() == JsonToken.VALUE_STRING && wanted) {
                        return parser.getString();
                    }
                    parser.skipChildren();
                }
            } catch (JacksonException e) {
                return "";
            }
            return "";
        }
    }
}
