package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.util.concurrent.ConcurrentHashMap
import lguest.dsl.ScriptFailure
import org.codehaus.groovy.ast.ASTNode
import org.codehaus.groovy.ast.ClassCodeVisitorSupport
import org.codehaus.groovy.ast.ClassHelper
import org.codehaus.groovy.ast.ClassNode
import org.codehaus.groovy.ast.MethodNode
import org.codehaus.groovy.ast.VariableScope
import org.codehaus.groovy.ast.expr.ArgumentListExpression
import org.codehaus.groovy.ast.expr.ClassExpression
import org.codehaus.groovy.ast.expr.ClosureExpression
import org.codehaus.groovy.ast.expr.Expression
import org.codehaus.groovy.ast.expr.MethodCallExpression
import org.codehaus.groovy.ast.stmt.BlockStatement
import org.codehaus.groovy.ast.stmt.DoWhileStatement
import org.codehaus.groovy.ast.stmt.ExpressionStatement
import org.codehaus.groovy.ast.stmt.ForStatement
import org.codehaus.groovy.ast.stmt.LoopingStatement
import org.codehaus.groovy.ast.stmt.Statement
import org.codehaus.groovy.ast.stmt.WhileStatement
import org.codehaus.groovy.classgen.GeneratorContext
import org.codehaus.groovy.control.CompilePhase
import org.codehaus.groovy.control.SourceUnit
import org.codehaus.groovy.control.customizers.CompilationCustomizer

/**
 * Lets Ctrl-C end what was typed, wherever it loops: each turn of a loop, each call of a method or closure asks first. Not by
 * {@link Thread#interrupt}, which would close the files of a guest's disks if it came while the thread reads one.
 */
@CompileStatic
final class Interruptible extends CompilationCustomizer {
    private static final Set<Thread> INTERRUPTED = ConcurrentHashMap.newKeySet()
    private static final ClassNode HERE = ClassHelper.make(Interruptible)

    Interruptible() {
        super(CompilePhase.CANONICALIZATION)
    }

    /** Does work that {@link #interrupt} can end, on this thread. */
    static <T> T run(Closure<T> work) {
        try {
            return work.call()
        } finally {
            INTERRUPTED.remove(Thread.currentThread())
        }
    }

    /** What a thread evaluates fails soon. Any thread. */
    static void interrupt(Thread thread) { INTERRUPTED << thread }

    /** Called by what was typed. */
    static void check() {
        if (!INTERRUPTED.empty && INTERRUPTED.remove(Thread.currentThread())) {
            throw new ScriptFailure('interrupted')
        }
    }

    @Override
    void call(SourceUnit source, GeneratorContext context, ClassNode node) { new Checks(source).visitClass(node) }

    private static final class Checks extends ClassCodeVisitorSupport {
        final SourceUnit sourceUnit

        Checks(SourceUnit source) {
            this.sourceUnit = source
        }

        @Override
        void visitMethod(MethodNode method) {
            if (method.code != null && method.lineNumber > 0) {
                method.code = checked(method.code, method)
            }
            super.visitMethod(method)
        }

        @Override
        void visitClosureExpression(ClosureExpression closure) {
            closure.code = checked(closure.code, closure)
            super.visitClosureExpression(closure)
        }

        @Override
        void visitForLoop(ForStatement loop) {
            check(loop)
            super.visitForLoop(loop)
        }

        @Override
        void visitWhileLoop(WhileStatement loop) {
            check(loop)
            super.visitWhileLoop(loop)
        }

        @Override
        void visitDoWhileLoop(DoWhileStatement loop) {
            check(loop)
            super.visitDoWhileLoop(loop)
        }

        private static void check(LoopingStatement loop) { loop.loopBlock = checked(loop.loopBlock, (ASTNode) loop) }

        /** @param place the line that failures name */
        private static Statement checked(Statement code, ASTNode place) {
            Expression call = new MethodCallExpression(new ClassExpression(HERE), 'check', ArgumentListExpression.EMPTY_ARGUMENTS)
            Statement check = new ExpressionStatement(call)
            call.sourcePosition = place
            check.sourcePosition = place
            new BlockStatement([check, code], new VariableScope())
        }
    }
}
