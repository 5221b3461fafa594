package dev.twoliter.core.internal.resolve;

/** The registry is a directory. */
class LockOnDiskTest extends LockRules {

    @Override
    String registry() {
        return "oci:../registry";
    }

    @Override
    String storeName() {
        return "oci:" + directory.resolve("registry");
    }
}
