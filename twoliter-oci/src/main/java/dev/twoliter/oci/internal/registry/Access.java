package dev.twoliter.oci.internal.registry;

import java.util.List;

/**
 * What a request needs to be allowed to do (distribution project, "Token Scope Documentation").
 *
 * @param scopes such as {@code repository:team/kit:pull,push}
 */
record Access(List<String> scopes) {

    static Access pull(String repository) {
        return new Access(List.of("repository:" + repository + ":pull"));
    }

    static Access push(String repository) {
        return new Access(List.of("repository:" + repository + ":pull,push"));
    }

    static Access mount(String repository, String from) {
        return new Access(List.of("repository:" + repository + ":pull,push", "repository:" + from + ":pull"));
    }
}
