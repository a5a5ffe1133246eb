package io.servicebreaker.call;

/** What became of asking for a call: the call, or the exception of its refusal, not thrown yet. */
sealed interface Asked permits OngoingCall, CallRejectedException {}
