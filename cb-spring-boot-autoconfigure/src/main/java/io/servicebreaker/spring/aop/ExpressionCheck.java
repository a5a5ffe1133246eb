package io.servicebreaker.spring.aop;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.expression.spel.SpelNode;
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

/**
 * Finds at start-up what SpEL would only find when an expression is evaluated: names that do not exist, and what the
 * expression is not allowed to do.
 */
final class ExpressionCheck {

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
    private final String attribute;
    private final String text;
    private final boolean withResult;
    private final List<Problem> problems = new ArrayList<>();

    ExpressionCheck(Declaration declaration, ArgumentNames names, String attribute, String text, boolean withResult) {
        this.declaration = declaration;
        this.names = names;
        this.attribute = attribute;
        this.text = text;
        this.withResult = withResult;
    }

    /** What is wrong with the parsed text. */
    List<Problem> problems(SpelNode parsed) {
        check(parsed, false, false);
        return problems;
    }

    Problem problem(String what, String fix) {
        return Problem.at(declaration.method(), "%s = \"%s\" %s.".formatted(attribute, text, what), fix);
    }

    /**
     * Walks the tree.
     *
     * @param ofElement inside a projection or selection, where bare names belong to the element
     * @param ofTarget behind a dot
     */
    private void check(SpelNode node, boolean ofElement, boolean ofTarget) {
        boolean bareName = node instanceof PropertyOrFieldReference || node instanceof MethodReference;
        if (FORBIDDEN.contains(node.getClass())) {
            report(
                    "uses " + node.toStringAST() + ", which is not allowed",
                    "Use only the arguments, their properties and methods, and operators.");
        } else if (node instanceof VariableReference) {
            checkVariable(node.toStringAST(), ofElement);
        } else if (bareName && !ofElement && !ofTarget) {
            report(
                    "uses " + node.toStringAST() + " without saying of what",
                    "Arguments are written with #: use one of " + known() + ".");
        }
        boolean elements = ofElement || node instanceof Projection || node instanceof Selection;
        for (int i = 0; i < node.getChildCount(); i++) {
            if (!isKey(node, i)) {
                check(node.getChild(i), elements, node instanceof CompoundExpression && i > 0);
            }
        }
    }

    /** A bare name in these places is a text. */
    private static boolean isKey(SpelNode node, int child) {
        return node.getChild(child) instanceof PropertyOrFieldReference
                && (node instanceof Indexer || (node instanceof InlineMap && child % 2 == 0));
    }

    private void checkVariable(String reference, boolean ofElement) {
        String name = reference.substring(1);
        boolean exists = names.position(name) != null
                || (ofElement && name.equals("this"))
                || (withResult && name.equals(ArgumentContext.RESULT));
        if (!exists) {
            String hint = names.readable().size() == declaration.method().getParameterCount()
                    ? " Compile with -parameters for arguments to have names."
                    : "";
            report("uses " + reference + ", which does not exist", "Use one of " + known() + "." + hint);
        }
    }

    private String known() {
        String known = String.join(", ", names.readable());
        if (!withResult) {
            return known.isEmpty() ? "none, as the method has no arguments" : known;
        }
        return known.isEmpty() ? "#result" : known + ", #result";
    }

    private void report(String what, String fix) {
        problems.add(problem(what, fix));
    }
}
