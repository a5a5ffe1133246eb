package io.servicebreaker.call;

/** A gate's answer: leave to call, or a refusal. */
public sealed interface Admission permits Permit, Rejection {}
