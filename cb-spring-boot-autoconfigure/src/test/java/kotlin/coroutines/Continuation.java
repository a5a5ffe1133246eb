package kotlin.coroutines;

/** Stands for Kotlin's type of this name, by which a suspend function is recognised. */
public interface Continuation<T> {}
