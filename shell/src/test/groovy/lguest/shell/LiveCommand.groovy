package lguest.shell

import java.util.concurrent.TimeUnit

/** A process that one talks to: what it says is collected, and can be waited for. */
class LiveCommand implements Closeable {
    /** How long it is waited for. */
    int patienceSeconds = 120

    final Process process
    private final StringBuilder said = new StringBuilder()
    private final Thread reader = new Thread(this::read, 'reader')

    LiveCommand(List<String> command, File at = Samples.folder.parent.toFile()) {
        process = new ProcessBuilder(command).directory(at).redirectErrorStream(true).start()
        reader.daemon = true
        reader.start()
    }

    private void read() {
        def from = new InputStreamReader(process.inputStream, 'UTF-8')
        def buffer = new char[4096]
        for (int count; (count = from.read(buffer)) >= 0;) {
            synchronized (said) {
                said.append(buffer, 0, count)
                said.notifyAll()
            }
        }
        synchronized (said) {
            said.append('\n<end>')
            said.notifyAll()
        }
    }

    void type(String line) {
        process.outputStream << (line + '\n')
        process.outputStream.flush()
    }

    /** Waits until it says something, which is then forgotten with all before it; fails if it ends first. @return what came before */
    String expect(String text) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds)
        synchronized (said) {
            int at
            while ((at = said.indexOf(text)) < 0) {
                assert !said.toString().endsWith('<end>') || text == '<end>' : "it ended before it said '$text': $said"
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())
                assert millis > 0 : "it has not said '$text': $said"
                said.wait(millis)
            }
            def before = said.substring(0, at)
            said.delete(0, at + text.length())
            before
        }
    }

    /** Waits for the end. @return what it still said */
    String rest() { expect('\n<end>') }

    @Override
    void close() { process.destroyForcibly().waitFor() }
}
