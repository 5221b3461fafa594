package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.Nevra;
import java.util.List;

/**
 * The ways to write packages on a command line, in the order in which dnf tries them: the first by which a word names any
 * package is what it means.
 */
enum NameForm {
    NAME_VERSION_RELEASE_ARCH {
        @Override
        List<String> texts(Nevra nevra) {
            return withEpoch(nevra, "-" + nevra.evr().release() + "." + nevra.arch());
        }

        @Override
        boolean mayBe(String text) {
            int dash = text.lastIndexOf('-');
            return text.indexOf('-') < dash && text.indexOf('.', dash) >= 0;
        }
    },
    NAME_ARCH {
        @Override
        List<String> texts(Nevra nevra) {
            return List.of(nevra.name() + "." + nevra.arch());
        }

        @Override
        boolean mayBe(String text) {
            return text.indexOf('.') >= 0;
        }
    },
    NAME {
        @Override
        List<String> texts(Nevra nevra) {
            return List.of(nevra.name());
        }

        @Override
        boolean mayBe(String text) {
            return true;
        }
    },
    NAME_VERSION_RELEASE {
        @Override
        List<String> texts(Nevra nevra) {
            return withEpoch(nevra, "-" + nevra.evr().release());
        }

        @Override
        boolean mayBe(String text) {
            return text.indexOf('-') < text.lastIndexOf('-');
        }
    },
    NAME_VERSION {
        @Override
        List<String> texts(Nevra nevra) {
            return withEpoch(nevra, "");
        }

        @Override
        boolean mayBe(String text) {
            return text.indexOf('-') >= 0;
        }
    };

    /** {@return how a package is written in this form} */
    abstract List<String> texts(Nevra nevra);

    /** {@return whether a word, perhaps a pattern, has what separates the parts of this form} */
    abstract boolean mayBe(String text);

    private static List<String> withEpoch(Nevra nevra, String end) {
        Evr evr = nevra.evr();
        String plain = nevra.name() + "-" + evr.version() + end;
        String full = nevra.name() + "-" + evr.epoch() + ":" + evr.version() + end;
        return List.of(plain, full);
    }
}
