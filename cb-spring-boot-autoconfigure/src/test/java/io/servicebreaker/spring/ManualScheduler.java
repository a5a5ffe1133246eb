package io.servicebreaker.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Time that a test moves while other threads schedule. Reactor's own virtual time may lose a task then: it looks at the
 * first of its queue and removes what is the first a moment later.
 */
final class ManualScheduler implements Scheduler {

    private final PriorityQueue<Task> queue = new PriorityQueue<>(Comparator.comparingLong(Task::dueNanos));
    private final List<Worker> workers = new ArrayList<>();
    private long nowNanos;

    /** Moves time and runs what is due on this thread. */
    void advance(Duration by) {
        move(by);
        for (Task due = poll(); due != null; due = poll()) {
            due.action.run();
        }
    }

    private synchronized void move(Duration by) {
        nowNanos += by.toNanos();
    }

    private synchronized Task poll() {
        return queue.isEmpty() || queue.peek().dueNanos > nowNanos ? null : queue.poll();
    }

    private synchronized void add(Runnable action, long delayNanos, Worker worker) {
        if (worker.isDisposed()) {
            throw new RejectedExecutionException();
        }
        queue.add(new Task(nowNanos + delayNanos, action, worker));
    }

    private synchronized void removeAll(Worker worker) {
        queue.removeIf(task -> task.worker == worker);
    }

    synchronized boolean isUnused() {
        return workers.stream().allMatch(Disposable::isDisposed);
    }

    @Override
    public synchronized long now(TimeUnit unit) {
        return unit.convert(nowNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized Worker createWorker() {
        Worker worker = new ManualWorker();
        workers.add(worker);
        return worker;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return createWorker().schedule(task);
    }

    private record Task(long dueNanos, Runnable action, Worker worker) {}

    private final class ManualWorker implements Worker {

        private volatile boolean disposed;

        @Override
        public Disposable schedule(Runnable task) {
            return schedule(task, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            add(task, unit.toNanos(delay), this);
            return Disposables.never();
        }

        @Override
        public void dispose() {
            disposed = true;
            removeAll(this);
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }
}
