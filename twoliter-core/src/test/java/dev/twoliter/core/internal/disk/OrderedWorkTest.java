package dev.twoliter.core.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OrderedWorkTest {

    @Test
    void results_come_in_the_order_of_the_tasks() throws IOException {
        List<Integer> taken = new ArrayList<>();
        try (OrderedWork<Integer> work = new OrderedWork<>("test", 4, 8, taken::add)) {
            for (int i = 0; i < 200; i++) {
                int number = i;
                work.add(() -> {
                    Thread.sleep(number % 7);
                    return number;
                });
            }
            work.finish();
        }
        assertThat(taken).isEqualTo(IntStream.range(0, 200).boxed().toList());
    }

    @Test
    void no_more_tasks_are_under_way_than_allowed() throws IOException {
        AtomicInteger started = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (OrderedWork<Integer> work = new OrderedWork<>("test", 4, 3, made -> started.decrementAndGet())) {
            for (int i = 0; i < 50; i++) {
                work.add(() -> {
                    most.accumulateAndGet(started.incrementAndGet(), Math::max);
                    return 0;
                });
            }
            work.finish();
        }
        assertThat(most).hasValueBetween(1, 3);
    }

    @Test
    void a_failing_task_fails_its_own_way() throws IOException {
        try (OrderedWork<Integer> work = new OrderedWork<>("test", 2, 2, made -> {})) {
            work.add(() -> {
                throw new IOException("disk full");
            });
            assertThatThrownBy(work::finish).isInstanceOf(IOException.class).hasMessage("disk full");
            work.add(() -> {
                throw new IllegalStateException("damaged");
            });
            assertThatThrownBy(work::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("damaged");
        }
    }

    @Test
    void closing_waits_for_what_runs_and_does_not_interrupt_it() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicBoolean whole = new AtomicBoolean();
        try (OrderedWork<Integer> work = new OrderedWork<>("test", 1, 2, made -> {})) {
            work.add(() -> {
                running.countDown();
                TimeUnit.MILLISECONDS.sleep(200);
                whole.set(true);
                return 0;
            });
            running.await();
        }
        assertThat(whole).isTrue();
    }
}
