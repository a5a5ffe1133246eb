package io.servicebreaker.spring.aop;

import java.util.HashMap;
import java.util.Map;
import org.springframework.asm.Handle;
import org.springframework.asm.Label;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.asm.Type;

/**
 * Follows {@code this} over the operand stack of one method, to tell for each call whether it is the receiver.
 *
 * <p>Where paths meet, what both agree on is kept. Whatever cannot be followed is taken for another object.
 */
final class ReceiverTracker extends MethodVisitor {

    private final SelfInvocationScan scan;
    private final String name;
    private final String descriptor;
    private final Map<Label, SelfStack> branches = new HashMap<>();
    private SelfStack stack = new SelfStack();
    private int line;

    ReceiverTracker(SelfInvocationScan scan, String name, String descriptor) {
        super(SpringAsmInfo.ASM_VERSION);
        this.scan = scan;
        this.name = name;
        this.descriptor = descriptor;
    }

    boolean is(String otherName, String otherDescriptor) {
        return name.equals(otherName) && descriptor.equals(otherDescriptor);
    }

    /** Name of the method, that of the method around it for a lambda. */
    String name() {
        String[] parts = name.split("\\$", -1);
        return parts.length == 3 && parts[0].equals("lambda") ? parts[1] : name;
    }

    int line() {
        return line;
    }

    @Override
    public void visitLineNumber(int number, Label start) {
        line = number;
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
        switch (opcode) {
            case Opcodes.ALOAD -> stack.push(variable == 0);
            case Opcodes.ILOAD, Opcodes.FLOAD -> stack.push(1);
            case Opcodes.LLOAD, Opcodes.DLOAD -> stack.push(2);
            case Opcodes.LSTORE, Opcodes.DSTORE -> stack.pop(2);
            default -> stack.pop(1);
        }
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode == Opcodes.ATHROW || (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN)) {
            stack = new SelfStack();
        } else {
            stack.apply(opcode);
        }
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        if (opcode != Opcodes.NEWARRAY) {
            stack.push(1);
        }
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        if (opcode == Opcodes.NEW) {
            stack.push(1);
        }
    }

    @Override
    public void visitLdcInsn(Object value) {
        stack.push(value instanceof Long || value instanceof Double ? 2 : 1);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String field, String type) {
        int size = Type.getType(type).getSize();
        switch (opcode) {
            case Opcodes.GETSTATIC -> stack.push(size);
            case Opcodes.PUTSTATIC -> stack.pop(size);
            case Opcodes.GETFIELD -> stack.replace(1, size);
            default -> stack.pop(1 + size);
        }
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String callee, String type, boolean isInterface) {
        int arguments = argumentSize(type);
        if (opcode != Opcodes.INVOKESTATIC) {
            if (stack.isThis(arguments)) {
                scan.call(owner, callee, type, this);
            }
            arguments++;
        }
        stack.replace(arguments, Type.getReturnType(type).getSize());
    }

    @Override
    public void visitInvokeDynamicInsn(String callee, String type, Handle bootstrap, Object... arguments) {
        int captured = argumentSize(type);
        if (captured > 0 && stack.isThis(captured - 1)) {
            for (Object argument : arguments) {
                reportReference(argument);
            }
        }
        stack.replace(captured, Type.getReturnType(type).getSize());
    }

    @Override
    public void visitMultiANewArrayInsn(String type, int dimensions) {
        stack.replace(dimensions, 1);
    }

    @Override
    public void visitJumpInsn(int opcode, Label target) {
        boolean comparesTwo = opcode >= Opcodes.IF_ICMPEQ && opcode <= Opcodes.IF_ACMPNE;
        stack.pop(opcode == Opcodes.GOTO ? 0 : comparesTwo ? 2 : 1);
        branch(target);
        if (opcode == Opcodes.GOTO) {
            stack = new SelfStack();
        }
    }

    @Override
    public void visitTableSwitchInsn(int min, int max, Label otherwise, Label... labels) {
        visitSwitch(otherwise, labels);
    }

    @Override
    public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] labels) {
        visitSwitch(otherwise, labels);
    }

    @Override
    public void visitTryCatchBlock(
            Label start, Label end, Label handler, @org.jspecify.annotations.Nullable String type) {
        SelfStack caught = new SelfStack();
        caught.push(1);
        branches.put(handler, caught);
    }

    @Override
    public void visitLabel(Label label) {
        SelfStack other = branches.get(label);
        if (other != null) {
            stack = stack.isEmpty() ? other.copy() : stack.agreeing(other);
        }
    }

    private void visitSwitch(Label otherwise, Label[] labels) {
        stack.pop(1);
        branch(otherwise);
        for (Label label : labels) {
            branch(label);
        }
        stack = new SelfStack();
    }

    private void branch(Label target) {
        branches.merge(target, stack.copy(), SelfStack::agreeing);
    }

    private void reportReference(Object argument) {
        if (argument instanceof Handle handle && handle.getTag() != Opcodes.H_INVOKESTATIC) {
            scan.call(handle.getOwner(), handle.getName(), handle.getDesc(), this);
        }
    }

    private static int argumentSize(String type) {
        return (Type.getArgumentsAndReturnSizes(type) >> 2) - 1;
    }
}
