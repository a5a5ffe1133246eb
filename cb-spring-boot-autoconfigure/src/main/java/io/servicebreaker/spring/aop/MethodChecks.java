package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.List;

/** Finds methods that a proxy cannot guard: calls of them would go past the breaker in silence. */
final class MethodChecks {

    private MethodChecks() {}

    static void check(Declaration declaration, Owner owner, List<Problem> problems) {
        Method method = declaration.method();
        if (!owner.isInterfaceBased()) {
            checkClass(method, owner, problems);
        }
        LevelledMethod.check(method, problems);
        Obstacle obstacle = Obstacle.of(method, owner);
        if (obstacle != null) {
            problems.add(Problem.at(method, "It " + obstacle.what() + ", so no proxy can guard it.", obstacle.fix()));
        }
    }

    private static void checkClass(Method method, Owner owner, List<Problem> problems) {
        String obstacle = Owner.obstacle(owner.userClass());
        if (obstacle != null) {
            problems.add(Problem.at(
                    method,
                    "Its class " + owner.userClass().getName() + " " + obstacle + ", so there can be no proxy of it.",
                    "Make it a class that can be extended, or annotate an interface or a bean that delegates to it."));
        }
    }
}
