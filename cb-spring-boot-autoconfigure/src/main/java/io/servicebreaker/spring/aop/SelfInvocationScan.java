package io.servicebreaker.spring.aop;

import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;

/** Reads one class file and tells of each call of a guarded method whose receiver is {@code this}. */
final class SelfInvocationScan extends ClassVisitor {

    private final Set<String> guarded;
    private final Consumer<Found> report;
    private String className = "";

    /**
     * Creates a scan.
     *
     * @param guarded names of the methods with their descriptors
     */
    SelfInvocationScan(Set<String> guarded, Consumer<Found> report) {
        super(SpringAsmInfo.ASM_VERSION);
        this.guarded = guarded;
        this.report = report;
    }

    @Override
    public void visit(
            int version,
            int access,
            String name,
            @Nullable String signature,
            @Nullable String superName,
            String @Nullable [] interfaces) {
        className = name;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
            int access, String name, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
        boolean hasNoThis = (access & Opcodes.ACC_STATIC) != 0;
        boolean isGenerated = (access & Opcodes.ACC_BRIDGE) != 0;
        return hasNoThis || isGenerated ? null : new ReceiverTracker(this, name, descriptor);
    }

    void call(String owner, String name, String descriptor, ReceiverTracker caller) {
        boolean own = owner.equals(className);
        boolean callsSuper = !own && caller.is(name, descriptor);
        if (guarded.contains(name + descriptor) && !callsSuper) {
            report.accept(new Found(className.replace('/', '.'), caller.line(), caller.name(), name));
        }
    }

    /** A call that passes by the proxy. */
    record Found(String className, int line, String caller, String callee) {}
}
