package io.servicebreaker.spring.actuate;

import io.servicebreaker.spring.ServiceBreakerProperties.Security;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.security.core.Authentication;
import org.springframework.util.ClassUtils;

/**
 * The roles that commands need where Spring Security guards the application. Elsewhere nobody has a role, and whoever the
 * endpoint lets write may give commands.
 *
 * @param asked whether Spring Security is there
 */
record CommandRoles(boolean asked, String operator, String emergency) {

    /** Of servlet applications. */
    private static final String FILTER = "springSecurityFilterChain";

    /** Of reactive ones, whose bean has a name that Spring Security keeps to itself. */
    private static final String WEB_FILTER = "org.springframework.security.web.server.WebFilterChainProxy";

    /** The classes alone say nothing: they may be there for something else, and then nobody would ever log in. */
    static CommandRoles of(Security roles, ListableBeanFactory beans) {
        return new CommandRoles(
                beans.containsBean(FILTER) || hasWebFilter(beans), roles.operatorRole(), roles.emergencyRole());
    }

    private static boolean hasWebFilter(ListableBeanFactory beans) {
        if (!ClassUtils.isPresent(WEB_FILTER, null)) {
            return false;
        }
        Class<?> type = ClassUtils.resolveClassName(WEB_FILTER, null);
        return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false).length > 0;
    }

    /** Whether somebody may give commands to breakers. */
    boolean isOperator(SecurityContext caller) {
        return !asked || has(operator, caller);
    }

    /** Whether somebody may give emergency commands. */
    boolean isInCharge(SecurityContext caller) {
        return !asked || has(emergency, caller);
    }

    /** As a role or as it stands, as Boot does where it asks for roles. */
    private static boolean has(String role, SecurityContext caller) {
        return caller.isUserInRole(role) || Authorities.has(role, caller.getPrincipal());
    }

    /** Apart: without Spring Security nobody can look at a class whose methods name its types. */
    private static final class Authorities {

        private Authorities() {}

        static boolean has(String role, @Nullable Principal principal) {
            return principal instanceof Authentication authentication
                    && authentication.isAuthenticated()
                    && authentication.getAuthorities().stream()
                            .anyMatch(granted -> role.equals(granted.getAuthority()));
        }
    }
}
