package dev.twoliter.core.internal.toml;

/** A value with its place in the text: from {@link #start()}, inclusive, to {@link #end()}, exclusive, in chars. */
public sealed interface TomlValue permits TomlScalar, TomlArray, TomlTable {

    /** {@return where it begins; for a table with a header, where the header begins} */
    int start();

    /** {@return where it ends; for a table with a header, where the header ends} */
    int end();
}
