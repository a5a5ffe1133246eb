package io.servicebreaker.spring.aop;

import java.util.BitSet;
import org.springframework.asm.Opcodes;

/** An operand stack that knows of each slot only whether it holds {@code this}. Long and double take two slots. */
final class SelfStack {

    private static final int[] GROWTH = growth();

    private final BitSet self = new BitSet();
    private int size;

    void push(boolean isThis) {
        self.set(size, isThis);
        size++;
    }

    void push(int slots) {
        for (int i = 0; i < slots; i++) {
            push(false);
        }
    }

    void pop(int slots) {
        size = Math.max(0, size - slots);
        self.clear(size, Integer.MAX_VALUE);
    }

    void replace(int popped, int pushed) {
        pop(popped);
        push(pushed);
    }

    /** Whether the slot {@code depth} below the top holds {@code this}. */
    boolean isThis(int depth) {
        return depth < size && self.get(size - 1 - depth);
    }

    boolean isEmpty() {
        return size == 0;
    }

    SelfStack copy() {
        SelfStack copy = new SelfStack();
        copy.self.or(self);
        copy.size = size;
        return copy;
    }

    /** A stack that holds {@code this} where both do. */
    SelfStack agreeing(SelfStack other) {
        SelfStack both = copy();
        both.self.and(other.self);
        both.pop(Math.max(0, size - other.size));
        return both;
    }

    /** Does what an instruction without operands does. */
    void apply(int opcode) {
        switch (opcode) {
            case Opcodes.DUP -> duplicate(1, 0);
            case Opcodes.DUP_X1 -> duplicate(1, 1);
            case Opcodes.DUP_X2 -> duplicate(1, 2);
            case Opcodes.DUP2 -> duplicate(2, 0);
            case Opcodes.DUP2_X1 -> duplicate(2, 1);
            case Opcodes.DUP2_X2 -> duplicate(2, 2);
            case Opcodes.SWAP -> swap();
            default -> grow(GROWTH[opcode]);
        }
    }

    private void grow(int slots) {
        if (slots >= 0) {
            push(slots);
        } else {
            pop(-slots);
        }
    }

    /** Copies the top {@code count} slots below the {@code skipped} ones that follow them. */
    private void duplicate(int count, int skipped) {
        int moved = count + skipped;
        boolean[] top = new boolean[moved];
        for (int i = 0; i < moved; i++) {
            top[i] = isThis(moved - 1 - i);
        }
        pop(moved);
        for (int i = 0; i < count; i++) {
            push(top[skipped + i]);
        }
        for (boolean slot : top) {
            push(slot);
        }
    }

    private void swap() {
        boolean top = isThis(0);
        boolean below = isThis(1);
        pop(2);
        push(top);
        push(below);
    }

    /** Slots that each instruction adds. What it leaves in a slot it took is never this: those are numbers and arrays. */
    private static int[] growth() {
        int[] growth = new int[Opcodes.IFNONNULL + 1];
        set(growth, 1, Opcodes.ACONST_NULL, Opcodes.FCONST_2);
        set(growth, 2, Opcodes.LCONST_0, Opcodes.LCONST_1);
        set(growth, 2, Opcodes.DCONST_0, Opcodes.DCONST_1);
        set(growth, -1, Opcodes.IALOAD, Opcodes.SALOAD);
        set(growth, 0, Opcodes.LALOAD, Opcodes.LALOAD);
        set(growth, 0, Opcodes.DALOAD, Opcodes.DALOAD);
        set(growth, -3, Opcodes.IASTORE, Opcodes.SASTORE);
        set(growth, -4, Opcodes.LASTORE, Opcodes.LASTORE);
        set(growth, -4, Opcodes.DASTORE, Opcodes.DASTORE);
        growth[Opcodes.POP] = -1;
        growth[Opcodes.POP2] = -2;
        addArithmetic(growth);
        addConversions(growth);
        growth[Opcodes.LCMP] = -3;
        set(growth, -1, Opcodes.FCMPL, Opcodes.FCMPG);
        set(growth, -3, Opcodes.DCMPL, Opcodes.DCMPG);
        set(growth, -1, Opcodes.MONITORENTER, Opcodes.MONITOREXIT);
        return growth;
    }

    private static void addArithmetic(int[] growth) {
        for (int kind = Opcodes.IADD; kind <= Opcodes.IREM; kind += 4) {
            setByType(growth, kind);
        }
        set(growth, -1, Opcodes.ISHL, Opcodes.LUSHR);
        for (int opcode = Opcodes.IAND; opcode <= Opcodes.LXOR; opcode += 2) {
            growth[opcode] = -1;
            growth[opcode + 1] = -2;
        }
    }

    private static void addConversions(int[] growth) {
        growth[Opcodes.I2L] = 1;
        growth[Opcodes.I2D] = 1;
        growth[Opcodes.F2L] = 1;
        growth[Opcodes.F2D] = 1;
        growth[Opcodes.L2I] = -1;
        growth[Opcodes.L2F] = -1;
        growth[Opcodes.D2I] = -1;
        growth[Opcodes.D2F] = -1;
    }

    /** An operation on two ints, longs, floats or doubles. */
    private static void setByType(int[] growth, int first) {
        for (int type = 0; type < 4; type++) {
            growth[first + type] = type % 2 == 0 ? -1 : -2;
        }
    }

    private static void set(int[] growth, int slots, int from, int to) {
        for (int opcode = from; opcode <= to; opcode++) {
            growth[opcode] = slots;
        }
    }
}
