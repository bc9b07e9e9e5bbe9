// Prints every setting that a Spark distribution knows, with its type: `java -cp 'jars/*' Dump.java jars`.
// Spark keeps a register of its settings; the type is what a setting says about a text that is none.

import java.io.File;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.jar.*;
import java.util.regex.*;

public class Dump {
    public static void main(String[] args) throws Exception {
        Map<String, String> keys = new TreeMap<>();
        Pattern constant = Pattern.compile("spark\\.[a-z][A-Za-z0-9]*(\\.[A-Za-z0-9-]+)+");
        for (File file : new File(args[0]).listFiles()) {
            if (!file.getName().matches("spark-.*\\.jar")) continue;
            try (JarFile jar = new JarFile(file)) {
                for (JarEntry entry : Collections.list(jar.entries())) {
                    String name = entry.getName();
                    if (!name.endsWith(".class")) continue;
                    // Settings that are read by their bare name stand in the code as constants.
                    try (var in = jar.getInputStream(entry)) {
                        for (String text : constants(in)) if (constant.matcher(text).matches()) keys.putIfAbsent(text, "text");
                    }
                    boolean holds = name.matches("org/apache/spark/internal/config/.*\\$\\.class")
                        || name.matches("org/apache/spark/deploy/(k8s/Config|yarn/config/package)\\$\\.class")
                        || name.matches("org/apache/spark/sql/(connect/config/Connect|internal/(Static)?SQLConf|hive/HiveUtils)\\$\\.class")
                        || name.matches("org/apache/spark/sql/connect/config/.*\\$\\.class");
                    if (!holds) continue;
                    try {
                        Class.forName(name.substring(0, name.length() - 6).replace('/', '.'));
                    } catch (Throwable error) {
                        System.err.println(name + ": " + error);
                    }
                }
            }
        }
        Class<?> register = Class.forName("org.apache.spark.internal.config.ConfigEntry$");
        Object module = register.getField("MODULE$").get(null);
        List<Object> entries = new ArrayList<>();
        for (Method method : register.getDeclaredMethods()) {
            if (method.getName().endsWith("knownConfigs") && method.getParameterCount() == 0) {
                method.setAccessible(true);
                entries.addAll(((Map<?, ?>) method.invoke(module)).values());
            }
        }
        Object sql = Class.forName("org.apache.spark.sql.internal.SQLConf$").getField("MODULE$").get(null);
        entries.addAll((Collection<?>) sql.getClass().getMethod("getConfigEntries").invoke(sql));
        Class<?> type = Class.forName("org.apache.spark.internal.config.ConfigEntry");
        for (Object entry : entries) {
            keys.put((String) type.getMethod("key").invoke(entry), typeOf(type, entry));
            Object others = type.getMethod("alternatives").invoke(entry);
            Object iterator = others.getClass().getMethod("iterator").invoke(others);
            Method next = Class.forName("scala.collection.Iterator").getMethod("next");
            Method more = Class.forName("scala.collection.Iterator").getMethod("hasNext");
            while ((Boolean) more.invoke(iterator)) keys.put((String) next.invoke(iterator), typeOf(type, entry));
        }
        keys.forEach((key, of) -> System.out.println(key + " " + of));
    }

    static String typeOf(Class<?> type, Object entry) throws Exception {
        Object converter = type.getMethod("valueConverter").invoke(entry);
        Method apply = Class.forName("scala.Function1").getMethod("apply", Object.class);
        try {
            apply.invoke(converter, "zzz");
            return "text";
        } catch (java.lang.reflect.InvocationTargetException error) {
            String said = String.valueOf(error.getCause().getMessage());
            if (said.contains("Time must be") || said.contains("'time in")) return "time";
            if (said.contains("Size must be") || said.contains("'bytes in")) return "size";
            if (said.contains("should be boolean") || said.contains("'boolean'")) return "bool";
            if (said.matches("(?s).*(should be (int|long)|'(int|long)').*")) return "int";
            if (said.contains("should be double") || said.contains("'double'")) return "number";
            return "text";
        }
    }

    /** The UTF-8 constants of a class file. */
    static List<String> constants(java.io.InputStream in) throws Exception {
        var data = new java.io.DataInputStream(new java.io.ByteArrayInputStream(in.readAllBytes()));
        data.readInt(); data.readInt();
        int count = data.readUnsignedShort();
        List<String> found = new ArrayList<>();
        for (int at = 1; at < count; at++) {
            switch (data.readUnsignedByte()) {
                case 1 -> found.add(data.readUTF());
                case 3, 4, 9, 10, 11, 12, 17, 18 -> data.readInt();
                case 5, 6 -> { data.readLong(); at++; }
                case 7, 8, 16, 19, 20 -> data.readUnsignedShort();
                case 15 -> { data.readUnsignedByte(); data.readUnsignedShort(); }
                default -> { return found; }
            }
        }
        return found;
    }
}
