package dev.twoliter.oci;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What the fuzzer checks, on its seeds, on all that was found so far and on some mutations of these whose checksums are
 * right again; real fuzzing is {@code mvn -Pfuzz}, see CONTRIBUTING.
 */
class LayerFuzzRegressionTest {
    private static final int ROUNDS = 2000;

    @Test
    void any_layer_is_unpacked_or_refused_and_nothing_gets_out() throws IOException {
        List<byte[]> seeds = LayerFuzzSeeds.all();
        for (byte[] seed : seeds) {
            run(seed);
        }
        Random random = new Random(5);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] seed = seeds.get(random.nextInt(seeds.size()));
            byte[] input = mutate(seed, random);
            run(input);
            run(mended(input));
        }
    }

    private static void run(byte[] input) throws IOException {
        try {
            LayerFuzzer.fuzzerTestOneInput(input);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("fails on " + Base64.getEncoder().encodeToString(input), e);
        }
    }

    private static byte[] mutate(byte[] seed, Random random) {
        byte[] input = Arrays.copyOf(seed, random.nextInt(8) == 0 ? random.nextInt(seed.length + 1) : seed.length);
        for (int n = random.nextInt(6); n >= 0 && input.length > 0; n--) {
            int at = random.nextInt(input.length);
            switch (random.nextInt(4)) {
                case 0 -> input[at] = (byte) random.nextInt();
                case 1 -> input[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> input[at] = (byte) "./\0 0172gxLKS=-".charAt(random.nextInt(15));
                default -> {
                    int length = Math.min(random.nextInt(16), input.length - at);
                    System.arraycopy(seed, random.nextInt(seed.length - length + 1), input, at, length);
                }
            }
        }
        return input;
    }

    /** Gives every block that could be a header the checksum that it would have. */
    private static byte[] mended(byte[] input) {
        byte[] mended = input.clone();
        for (int at = 0; at + 512 <= mended.length; at += 512) {
            if (mended[at + 257] != 'u') {
                continue;
            }
            Arrays.fill(mended, at + 148, at + 156, (byte) ' ');
            int sum = 0;
            for (int i = 0; i < 512; i++) {
                sum += mended[at + i] & 0xff;
            }
            byte[] text = String.format("%06o\0 ", sum).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            System.arraycopy(text, 0, mended, at + 148, 8);
        }
        return mended;
    }
}
