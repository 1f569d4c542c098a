package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.nio.file.Files
import java.nio.file.Path
import lguest.dsl.ScriptFailure

/** Where the files that a script names are. */
@CompileStatic
final class Places {
    /** Of scripts, the innermost first. */
    private final List<Path> directories

    /** @param directory the script's, where files are looked for first; null if there is none */
    Places(Path directory) {
        this(directory == null ? [] : [directory])
    }

    private Places(List<Path> directories) {
        this.directories = directories
    }

    /** What a script that another includes finds: files beside itself, and then those of the other. */
    Places beside(Path script) { new Places([script.parent] + directories) }

    /**
     * A file to read: beside the script, or else in the working directory.
     *
     * @param what it is for, in case it is not there
     */
    Path input(String what, Object file) {
        Path path = path(what, file)
        if (path.absolute) {
            if (!Files.exists(path)) {
                throw new ScriptFailure("${what}: no file '${path}'")
            }
            return path
        }
        List<Path> all = places()
        Path found = all.collect { it.resolve(path) }.find { Files.exists(it) }
        if (found == null) {
            String scripts = all.size() == 1 ? '' : "${all.init().join(', ')} (the script's directory) and "
            String working = all.size() == 1 ? '' : ' (the working directory)'
            throw new ScriptFailure("${what}: no file '${path}': looked in ${scripts}${all.last()}${working}")
        }
        found
    }

    /** Whether there is such a file to read. */
    boolean has(Path path) { places().any { Files.exists(it.resolve(path)) } }

    private List<Path> places() {
        Path here = Path.of('').toAbsolutePath()
        // In brackets: a path is a collection to Groovy, of its parts.
        (directories - [here]).unique(false) + [here]
    }

    /** A file to write: in the working directory, unless it says where. */
    Path output(Object file) { path('file', file).toAbsolutePath() }

    private static Path path(String what, Object file) {
        switch (file) {
            case Path: return (Path) file
            case File: return ((File) file).toPath()
            case CharSequence: return Path.of(file.toString())
            default: throw new ScriptFailure("${what} ${file}: give the name of a file")
        }
    }
}
