package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.solve.*;

public final class SimpleSolver implements PackageSolver {
    @Override
    public Solution solve(SolveRequest r) {
        throw new UnsupportedOperationException("not yet");
    }
}
