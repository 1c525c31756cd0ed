import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** POSTs and PUTs bodies of the given sizes with the JDK's client as it comes, which offers h2c; prints what returns. */
public class Defaults {
    public static void main(String[] arguments) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (int index = 1; index < arguments.length; index++) {
            String body = "x".repeat(Integer.parseInt(arguments[index]));
            for (String method : new String[] {"POST", "PUT"}) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0]))
                        .timeout(Duration.ofSeconds(20))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
                System.out.println(method + " " + client.send(request, BodyHandlers.ofString()).body());
            }
        }
    }
}
