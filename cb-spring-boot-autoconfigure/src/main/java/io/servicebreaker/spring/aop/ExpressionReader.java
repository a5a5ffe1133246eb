package io.servicebreaker.spring.aop;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelCompilerMode;
import org.springframework.expression.spel.SpelParserConfiguration;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/** Parses the expressions of one declaration. Most have none, so what it needs for that is made when it is needed. */
final class ExpressionReader {

    private final Declaration declaration;
    private final List<Problem> problems;
    private @Nullable ArgumentNames names;

    ExpressionReader(Declaration declaration, List<Problem> problems) {
        this.declaration = declaration;
        this.problems = problems;
    }

    /** The parsed text, or null if there is none or it is wrong; what is wrong is then among the problems. */
    @Nullable
    ArgumentExpression read(String attribute, String text, boolean withResult) {
        if (text.isEmpty()) {
            return null;
        }
        int before = problems.size();
        ExpressionCheck check = new ExpressionCheck(declaration, names(), attribute, text, withResult);
        try {
            SpelExpression expression = parser().parseRaw(text);
            problems.addAll(check.problems(expression.getAST()));
            return problems.size() == before ? new ArgumentExpression(attribute, expression, names()) : null;
        } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
            problems.add(check.problem("does not parse: " + e.getMessage(), "Correct the expression."));
            return null;
        }
    }

    private ArgumentNames names() {
        ArgumentNames known = names;
        if (known == null) {
            known = ArgumentNames.of(declaration);
            names = known;
        }
        return known;
    }

    private SpelExpressionParser parser() {
        return new SpelExpressionParser(new SpelParserConfiguration(
                SpelCompilerMode.MIXED, declaration.method().getDeclaringClass().getClassLoader()));
    }
}
