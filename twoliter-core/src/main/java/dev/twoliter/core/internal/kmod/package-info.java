/**
 * What programs that load kernel modules look up: depmod's job. Glossary: a <dfn>module</dfn> is an ELF object of the
 * kernel, named after its file, with {@code _} for {@code -}; it <dfn>exports</dfn> symbols and <dfn>needs</dfn> those of
 * others; its <dfn>modinfo</dfn> has <dfn>aliases</dfn>, patterns of the devices that it is for; the <dfn>indexes</dfn> are
 * files called {@code modules.…}, as text and as tries ({@code .bin}).
 */
@NullMarked
package dev.twoliter.core.internal.kmod;

import org.jspecify.annotations.NullMarked;
