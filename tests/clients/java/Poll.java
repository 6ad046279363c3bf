// A Java program that polls once, with nothing but the JDK: `java Poll.java`.

import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

public class Poll {
    public static void main(String[] arguments) throws Exception {
        HttpURLConnection asked =
            (HttpURLConnection) URI.create(arguments[0]).toURL().openConnection();
        asked.setRequestMethod("POST");
        asked.setDoOutput(true);
        asked.setRequestProperty("Content-Type", "application/x-amz-json-1.1");
        asked.setRequestProperty("X-Amz-Target", "DataPipeline.PollForTask");
        asked.getOutputStream().write("{\"workerGroup\":\"wg\"}".getBytes(StandardCharsets.UTF_8));
        System.out.println(asked.getResponseCode());
    }
}
