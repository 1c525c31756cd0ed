import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.AgenciesApi;
import org.openapitools.client.model.AgencyKind;
import org.openapitools.client.model.AgencyView;
import org.openapitools.client.model.NewAgency;
import org.openapitools.client.model.Problem;

/** Calls the platform with the client that openapi-generator made: URL, client, secret and the code of an agency. */
public class Calls {
  public static void main(String[] given) throws Exception {
    String url = given[0], code = given[3];
    String token = granted(url, given[1], given[2]);
    ApiClient client = new ApiClient();
    client.updateBaseUri(url);
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    AgenciesApi agencies = new AgenciesApi(client);
    NewAgency body = new NewAgency().code(code).kind(AgencyKind.AGENCY_KIND_MEMBER_DEPARTMENT).name("示范成员单位").division("370000");
    AgencyView created = agencies.enterAgency("once-" + code, body);
    List<AgencyKind> kinds = List.of(AgencyKind.AGENCY_KIND_CITY, AgencyKind.AGENCY_KIND_MEMBER_DEPARTMENT);
    List<String> listed = agencies.listAgencies(kinds, 200, null, null, null).getItems().stream().map(AgencyView::getId).toList();
    AgencyView read = agencies.readAgency(code);
    String refused = "nothing";
    try {
      agencies.readAgency("NOBODY");
    } catch (ApiException refusal) {
      refused = new ApiClient().getObjectMapper().readValue(refusal.getResponseBody(), Problem.class).getCode();
    }
    Map<String, Object> found = Map.of(
        "created", created.getId(),
        "listed", listed,
        "read", List.of(read.getName(), read.getKind().getValue()),
        "refused", refused);
    System.out.write(new ObjectMapper().writeValueAsBytes(found));
    System.out.flush();
  }

  private static String granted(String url, String name, String secret) throws Exception {
    String basic = Base64.getEncoder().encodeToString((name + ":" + secret).getBytes(StandardCharsets.UTF_8));
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/oauth/token"))
        .header("Authorization", "Basic " + basic)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
        .build();
    JsonNode answer = new ObjectMapper().readTree(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
    return answer.get("access_token").asText();
  }
}
