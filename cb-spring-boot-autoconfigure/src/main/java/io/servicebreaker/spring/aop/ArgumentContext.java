package io.servicebreaker.spring.aop;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.ConstructorResolver;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.IndexAccessor;
import org.springframework.expression.MethodResolver;
import org.springframework.expression.OperatorOverloader;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypeComparator;
import org.springframework.expression.TypeConverter;
import org.springframework.expression.TypeLocator;
import org.springframework.expression.TypedValue;
import org.springframework.expression.spel.support.SimpleEvaluationContext;

/** The arguments and result of one call as variables; all else is shared, so that its caches are. */
final class ArgumentContext implements EvaluationContext {

    static final String RESULT = "result";

    private static final SimpleEvaluationContext SHARED = SimpleEvaluationContext.forReadOnlyDataBinding()
            .withInstanceMethods()
            .build();

    private final ArgumentNames names;
    private final @Nullable Object[] arguments;
    private final @Nullable Object result;

    ArgumentContext(ArgumentNames names, @Nullable Object[] arguments, @Nullable Object result) {
        this.names = names;
        this.arguments = arguments;
        this.result = result;
    }

    @Override
    public @Nullable Object lookupVariable(String name) {
        Integer position = names.position(name);
        if (position != null) {
            return arguments[position];
        }
        return name.equals(RESULT) ? result : null;
    }

    @Override
    public void setVariable(String name, @Nullable Object value) {
        throw new UnsupportedOperationException("arguments cannot be changed");
    }

    @Override
    public boolean isAssignmentEnabled() {
        return false;
    }

    @Override
    public TypedValue getRootObject() {
        return TypedValue.NULL;
    }

    @Override
    public List<PropertyAccessor> getPropertyAccessors() {
        return SHARED.getPropertyAccessors();
    }

    @Override
    public List<IndexAccessor> getIndexAccessors() {
        return SHARED.getIndexAccessors();
    }

    @Override
    public List<ConstructorResolver> getConstructorResolvers() {
        return SHARED.getConstructorResolvers();
    }

    @Override
    public List<MethodResolver> getMethodResolvers() {
        return SHARED.getMethodResolvers();
    }

    @Override
    public @Nullable BeanResolver getBeanResolver() {
        return null;
    }

    @Override
    public TypeLocator getTypeLocator() {
        return SHARED.getTypeLocator();
    }

    @Override
    public TypeConverter getTypeConverter() {
        return SHARED.getTypeConverter();
    }

    @Override
    public TypeComparator getTypeComparator() {
        return SHARED.getTypeComparator();
    }

    @Override
    public OperatorOverloader getOperatorOverloader() {
        return SHARED.getOperatorOverloader();
    }
}
