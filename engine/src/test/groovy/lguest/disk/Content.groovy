package lguest.disk

/** Content of disks as it is: some noise, some text, some zeros. */
class Content {
    static byte[] some(Random random, int bytes) {
        def content = new byte[bytes]
        for (int at = 0; at < bytes;) {
            int length = Math.min(bytes - at, 1 + random.nextInt(20000))
            def part = new byte[length]
            switch (random.nextInt(3)) {
                case 0: random.nextBytes(part); break
                case 1: Arrays.fill(part, (byte) random.nextInt(256)); break
                default: break
            }
            System.arraycopy(part, 0, content, at, length)
            at += length
        }
        return content
    }
}
