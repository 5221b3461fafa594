/** The RPM format as a library of its own: read, write, sign, verify, unpack, index and solve. */
module dev.twoliter.rpm {
    requires transitive dev.twoliter.api;
    requires java.xml;
    requires org.bouncycastle.pg;
    requires org.bouncycastle.provider;
    requires org.apache.commons.compress;
    requires com.github.luben.zstd_jni;
    requires org.tukaani.xz;

    exports dev.twoliter.rpm;
    exports dev.twoliter.rpm.repo;
    exports dev.twoliter.rpm.solve;
}
