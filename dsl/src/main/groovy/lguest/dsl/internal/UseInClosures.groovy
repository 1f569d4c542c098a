package lguest.dsl.internal

import groovy.transform.CompileStatic
import org.codehaus.groovy.ast.ClassNode
import org.codehaus.groovy.ast.ClassCodeVisitorSupport
import org.codehaus.groovy.ast.expr.ClosureExpression
import org.codehaus.groovy.ast.expr.MethodCallExpression
import org.codehaus.groovy.ast.expr.TupleExpression
import org.codehaus.groovy.ast.expr.VariableExpression
import org.codehaus.groovy.classgen.GeneratorContext
import org.codehaus.groovy.control.CompilePhase
import org.codehaus.groovy.control.SourceUnit
import org.codehaus.groovy.control.customizers.CompilationCustomizer

/**
 * Makes {@code use 'guest'} mean the script's word inside closures, too. Every object has a {@code use} from Groovy, for categories,
 * and a closure would find its own first.
 */
@CompileStatic
final class UseInClosures extends CompilationCustomizer {
    UseInClosures() {
        super(CompilePhase.CONVERSION)
    }

    @Override
    void call(SourceUnit source, GeneratorContext context, ClassNode node) {
        if (node.script) {
            new Calls(source).visitClass(node)
        }
    }

    private static final class Calls extends ClassCodeVisitorSupport {
        final SourceUnit sourceUnit
        private int closures

        Calls(SourceUnit source) {
            this.sourceUnit = source
        }

        @Override
        void visitClosureExpression(ClosureExpression closure) {
            closures++
            super.visitClosureExpression(closure)
            closures--
        }

        @Override
        void visitMethodCallExpression(MethodCallExpression call) {
            if (closures > 0 && call.implicitThis && call.methodAsString == 'use'
                && call.arguments instanceof TupleExpression && ((TupleExpression) call.arguments).expressions.size() == 1) {
                call.objectExpression = new VariableExpression('this')
                call.implicitThis = false
            }
            super.visitMethodCallExpression(call)
        }
    }
}
