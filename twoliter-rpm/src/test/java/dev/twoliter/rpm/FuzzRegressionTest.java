package dev.twoliter.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.rpm.internal.repo.RepodataFuzzer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the fuzzers check, on their seeds, on all that was found so far and on some thousand mutations of these; real
 * fuzzing is {@code mvn -Pfuzz}, see CONTRIBUTING.
 */
class FuzzRegressionTest {
    private static final int ROUNDS = 3000;

    @ParameterizedTest
    @ValueSource(strings = {"header", "payload", "dependency", "repodata"})
    void answers_anything_with_a_typed_error_or_a_value(String target) throws IOException {
        List<byte[]> seeds = FuzzSeeds.all().get(target);
        assertThat(seeds).isNotEmpty();
        for (byte[] seed : seeds) {
            run(target, seed);
        }
        Random random = new Random(4);
        for (int i = 0; i < ROUNDS; i++) {
            run(target, mutate(seeds.get(random.nextInt(seeds.size())), random));
        }
    }

    private static void run(String target, byte[] input) throws IOException {
        try {
            switch (target) {
                case "header" -> HeaderFuzzer.fuzzerTestOneInput(input);
                case "payload" -> PayloadFuzzer.fuzzerTestOneInput(input);
                case "dependency" -> DependencyFuzzer.fuzzerTestOneInput(input);
                default -> RepodataFuzzer.fuzzerTestOneInput(input);
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    target + " fails on " + java.util.Base64.getEncoder().encodeToString(input), e);
        }
    }

    private static byte[] mutate(byte[] seed, Random random) {
        byte[] input = Arrays.copyOf(seed, random.nextInt(8) == 0 ? random.nextInt(seed.length + 1) : seed.length);
        for (int n = random.nextInt(6); n >= 0 && input.length > 0; n--) {
            int at = random.nextInt(input.length);
            switch (random.nextInt(4)) {
                case 0 -> input[at] = (byte) random.nextInt();
                case 1 -> input[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> input[at] = (byte) (random.nextBoolean() ? 0 : -1);
                default -> {
                    int length = Math.min(random.nextInt(16), input.length - at);
                    System.arraycopy(seed, random.nextInt(seed.length - length + 1), input, at, length);
                }
            }
        }
        return input;
    }
}
