package dev.twoliter.core.internal.plan;

import java.nio.file.Path;
import java.util.Optional;

/** Whether a step's recorded result can be used. */
public final class Freshness {

    private Freshness() {}

    /**
     * {@return why a step must be run, one sentence; empty when its outputs are there and made from these inputs}
     *
     * @param record the step's record
     * @param inputs what its result depends on today
     * @param target the directory that its outputs are in
     */
    public static Optional<String> whyNot(Path record, Inputs inputs, Path target) {
        Optional<StepRecord> found = StepRecord.read(record);
        if (found.isEmpty()) {
            return Optional.of("it has not been built yet");
        }
        return inputs.differenceTo(found.get().inputs())
                .or(() -> found.get()
                        .firstDamaged(target)
                        .map(path -> target.resolve(path) + " is missing or was changed"));
    }
}
