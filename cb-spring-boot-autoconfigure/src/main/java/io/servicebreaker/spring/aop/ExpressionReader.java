package io.servicebreaker.spring.aop;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelCompilerMode;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.SpelParserConfiguration;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.ConstructorReference;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.OpDec;
import org.springframework.expression.spel.ast.OpInc;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.TypeReference;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * Parses the expressions of one declaration, and finds at start-up what SpEL would only find when it is evaluated:
 * names that do not exist, and what the expression is not allowed to do.
 */
final class ExpressionReader {

    private static final Set<Class<? extends SpelNode>> FORBIDDEN = Set.of(
            Assign.class,
            BeanReference.class,
            ConstructorReference.class,
            FunctionReference.class,
            OpDec.class,
            OpInc.class,
            TypeReference.class);

    private final Declaration declaration;
    private final ArgumentNames names;
    private final List<Problem> problems;
    private final SpelExpressionParser parser;

    ExpressionReader(Declaration declaration, List<Problem> problems) {
        this.declaration = declaration;
        this.names = ArgumentNames.of(declaration);
        this.problems = problems;
        this.parser = new SpelExpressionParser(new SpelParserConfiguration(
                SpelCompilerMode.MIXED, declaration.method().getDeclaringClass().getClassLoader()));
    }

    /** The parsed text, or null if there is none or it is wrong; what is wrong is then among the problems. */
    @Nullable
    ArgumentExpression read(String attribute, String text, boolean withResult) {
        if (text.isEmpty()) {
            return null;
        }
        int before = problems.size();
        try {
            SpelExpression expression = parser.parseRaw(text);
            check(expression.getAST(), new Place(attribute, text, withResult), false, false);
            return problems.size() == before ? new ArgumentExpression(expression, names) : null;
        } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
            report(attribute, text, "does not parse: " + e.getMessage(), "Correct the expression.");
            return null;
        }
    }

    /**
     * Walks the tree.
     *
     * @param ofElement inside a projection or selection, where bare names belong to the element
     * @param ofTarget behind a dot
     */
    private void check(SpelNode node, Place place, boolean ofElement, boolean ofTarget) {
        boolean bareName = node instanceof PropertyOrFieldReference || node instanceof MethodReference;
        if (FORBIDDEN.contains(node.getClass())) {
            report(
                    place.attribute,
                    place.text,
                    "uses " + node.toStringAST() + ", which is not allowed",
                    "Use only the arguments, their properties and methods, and operators.");
        } else if (node instanceof VariableReference) {
            checkVariable(node.toStringAST(), place);
        } else if (bareName && !ofElement && !ofTarget) {
            report(
                    place.attribute,
                    place.text,
                    "uses " + node.toStringAST() + " without saying of what",
                    "Arguments are written with #: use one of " + known(place) + ".");
        }
        boolean elements = ofElement || node instanceof Projection || node instanceof Selection;
        for (int i = 0; i < node.getChildCount(); i++) {
            if (!isKey(node, i)) {
                check(node.getChild(i), place, elements, node instanceof CompoundExpression && i > 0);
            }
        }
    }

    /** A bare name in these places is a text. */
    private static boolean isKey(SpelNode node, int child) {
        return node.getChild(child) instanceof PropertyOrFieldReference
                && (node instanceof Indexer || (node instanceof InlineMap && child % 2 == 0));
    }

    private void checkVariable(String reference, Place place) {
        String name = reference.substring(1);
        boolean exists = names.position(name) != null
                || name.equals("this")
                || (place.withResult && name.equals(ArgumentContext.RESULT));
        if (!exists) {
            String hint = names.readable().size() == declaration.method().getParameterCount()
                    ? " Compile with -parameters for arguments to have names."
                    : "";
            report(
                    place.attribute,
                    place.text,
                    "uses " + reference + ", which does not exist",
                    "Use one of " + known(place) + "." + hint);
        }
    }

    private String known(Place place) {
        String known = String.join(", ", names.readable());
        if (!place.withResult) {
            return known.isEmpty() ? "none, as the method has no arguments" : known;
        }
        return known.isEmpty() ? "#result" : known + ", #result";
    }

    private void report(String attribute, String text, String what, String fix) {
        problems.add(Problem.at(declaration.method(), "%s = \"%s\" %s.".formatted(attribute, text, what), fix));
    }

    /** Where an expression stands and what it may see. */
    private record Place(String attribute, String text, boolean withResult) {}
}
