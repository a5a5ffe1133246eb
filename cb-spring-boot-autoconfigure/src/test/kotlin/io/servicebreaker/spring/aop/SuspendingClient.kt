package io.servicebreaker.spring.aop

import io.servicebreaker.annotation.DegradeAt
import io.servicebreaker.annotation.ServiceBreaker
import io.servicebreaker.call.CurrentCall
import io.servicebreaker.call.DegradationLevel
import io.servicebreaker.call.OngoingCall
import java.io.IOException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.reactor.ReactorContext
import kotlinx.coroutines.yield

/** A client as people write it in Kotlin. */
open class SuspendingClient {

    @ServiceBreaker("openai", model = "#model", acceptResult = "!#result.isEmpty()")
    open suspend fun ask(question: String, model: String): String {
        yield()
        return question
    }

    @ServiceBreaker("openai")
    open suspend fun fail(): String {
        yield()
        throw IOException("down")
    }

    @ServiceBreaker("openai", model = "#level.name()")
    @DegradeAt(level = 1, maxTokens = 500)
    open suspend fun levelled(level: DegradationLevel): String {
        yield()
        val call = currentCoroutineContext()[ReactorContext]!!.context.get<OngoingCall>(CurrentCall.KEY)
        return "$level ${call.hints().maxTokens().orElse(-1)}"
    }

    @ServiceBreaker("openai")
    open suspend fun hang(): String = awaitCancellation()

    @ServiceBreaker("openai")
    open suspend fun tell(): Unit = yield()

    @ServiceBreaker("openai", fallback = "cached")
    open suspend fun recovering(question: String): String {
        yield()
        throw IOException("down")
    }

    @ServiceBreaker("perplexity")
    open suspend fun cached(question: String, why: Exception): String {
        yield()
        return "cached $question after ${why.message}"
    }

    @ServiceBreaker("openai", fallback = "stored")
    open suspend fun recoveringAtOnce(question: String): String = throw IOException("down")

    open fun stored(question: String): String = "stored $question"

    @ServiceBreaker("openai", fallback = "storedWords")
    open suspend fun words(): Flow<String> = flow { throw IOException("down") }

    @ServiceBreaker("openai")
    open suspend fun silentWords(): Flow<String> = flow { awaitCancellation() }

    open fun storedWords(): Flow<String> = flowOf("a", "b")
}
