package lguest.dsl.internal

import groovy.transform.CompileStatic
import org.codehaus.groovy.ast.ModuleNode
import org.codehaus.groovy.control.CompilationUnit
import org.codehaus.groovy.control.SourceUnit

/** Source of a script. Its class gets a name that no word of the language has: a script may be called {@code console.lgs}. */
@CompileStatic
final class ScriptSource extends SourceUnit {
    private final String className

    ScriptSource(String fileName, String text, CompilationUnit unit) {
        this(fileName, fileName.replaceAll(/\.lgs$/, ''), text, unit)
    }

    /** @param title what the class is named after */
    ScriptSource(String fileName, String title, String text, CompilationUnit unit) {
        super(fileName, text, unit.configuration, unit.classLoader, unit.errorCollector)
        className = 'Script_' + title.replaceAll(/[^A-Za-z0-9_]/, '_')
    }

    @Override
    ModuleNode buildAST() {
        String fileName = name
        name = className
        try {
            super.buildAST()
        } finally {
            name = fileName
        }
    }
}
