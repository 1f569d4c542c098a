package lguest.dsl.internal;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.LinkedHashMap;
import java.util.Map;
import lguest.dsl.LgsScript;

/**
 * A compiled script: the bytes of its class and of those inside it, closures above all.
 *
 * @param main name of the script's class
 * @param bytes by class name
 */
record ScriptClasses(String main, Map<String, byte[]> bytes) {
    private static final int MOST_CLASSES = 100_000;

    /** Loads the classes, each copy of a script with its own. */
    @SuppressWarnings("unchecked")
    Class<? extends LgsScript> load(ClassLoader parent) {
        try {
            return (Class<? extends LgsScript>) new Loader(parent, bytes).loadClass(main);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("script class " + main + " is not among its own classes", e);
        }
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(main);
        out.writeInt(bytes.size());
        for (Map.Entry<String, byte[]> each : bytes.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeInt(each.getValue().length);
            out.write(each.getValue());
        }
    }

    static ScriptClasses read(DataInputStream in) throws IOException {
        String main = in.readUTF();
        int count = in.readInt();
        if (count < 0 || count > MOST_CLASSES) {
            throw new IOException(count + " classes");
        }
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.readUTF();
            bytes.put(name, in.readNBytes(in.readInt()));
        }
        return new ScriptClasses(main, bytes);
    }

    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> bytes;

        Loader(ClassLoader parent, Map<String, byte[]> bytes) {
            super(parent);
            this.bytes = bytes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] code = bytes.get(name);
            if (code == null) {
                throw new ClassNotFoundException(name);
            }
            CodeSource source = LgsScript.class.getProtectionDomain().getCodeSource();
            return defineClass(name, code, 0, code.length, new ProtectionDomain(source, null, this, null));
        }
    }
}
