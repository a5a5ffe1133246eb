package io.servicebreaker.spring;

import io.servicebreaker.provider.ExceptionRules;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.ClassUtils;

/**
 * Exceptions that say that nothing was sent, as the arguments were no good: they do not count against the service.
 *
 * <p>They are known by name, since an application need not have the libraries that they come from.
 */
final class CallerMistakes {

    private static final List<Class<? extends Throwable>> TYPES = present(
            "jakarta.validation.ValidationException",
            "org.springframework.validation.method.MethodValidationException",
            "org.springframework.core.convert.ConversionException",
            "org.springframework.core.codec.EncodingException",
            "org.springframework.http.converter.HttpMessageNotWritableException");

    private CallerMistakes() {}

    /** Rules that ignore them, too, but for those that are to be recorded. */
    static ExceptionRules addedTo(ExceptionRules rules) {
        List<Class<? extends Throwable>> ignored = new ArrayList<>(rules.ignored());
        for (Class<? extends Throwable> type : TYPES) {
            if (rules.recorded().stream().noneMatch(type::isAssignableFrom)) {
                ignored.add(type);
            }
        }
        return new ExceptionRules(ignored, rules.recorded());
    }

    private static List<Class<? extends Throwable>> present(String... names) {
        ClassLoader loader = CallerMistakes.class.getClassLoader();
        List<Class<? extends Throwable>> types = new ArrayList<>();
        for (String name : names) {
            if (ClassUtils.isPresent(name, loader)) {
                types.add(ClassUtils.resolveClassName(name, loader).asSubclass(Throwable.class));
            }
        }
        return types;
    }
}
