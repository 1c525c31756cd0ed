// Calls the platform with the client that openapi-generator made: URL, client, secret and the code of an agency.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	made "github.com/GIT_USER_ID/GIT_REPO_ID"
)

func main() {
	if err := call(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func call(origin, name, secret, code string) error {
	token, err := granted(origin, name, secret)
	if err != nil {
		return err
	}
	settings := made.NewConfiguration()
	settings.Servers = made.ServerConfigurations{{URL: origin}}
	agencies := made.NewAPIClient(settings).AgenciesAPI
	caller := context.WithValue(context.Background(), made.ContextAccessToken, token)
	body := made.NewNewAgency(code, made.AGENCY_KIND_MEMBER_DEPARTMENT, "示范成员单位", "370000")
	created, _, err := agencies.EnterAgency(caller).IdempotencyKey("once-" + code).NewAgency(*body).Execute()
	if err != nil {
		return fmt.Errorf("creating: %w", err)
	}
	kinds := []made.AgencyKind{made.AGENCY_KIND_CITY, made.AGENCY_KIND_MEMBER_DEPARTMENT}
	listed, _, err := agencies.ListAgencies(caller).Kind(kinds).Limit(200).Execute()
	if err != nil {
		return fmt.Errorf("listing: %w", err)
	}
	read, _, err := agencies.ReadAgency(caller, code).Execute()
	if err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	_, _, refusal := agencies.ReadAgency(caller, "NOBODY").Execute()
	refused, ok := refusal.(*made.GenericOpenAPIError)
	if !ok {
		return fmt.Errorf("no refusal: %w", refusal)
	}
	problem, ok := refused.Model().(made.Problem)
	if !ok {
		return fmt.Errorf("no problem: %s", refused.Body())
	}
	found := []string{}
	for _, one := range listed.Items {
		found = append(found, one.Id)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"created": created.Id,
		"listed":  found,
		"read":    []any{read.Name, read.Kind},
		"refused": problem.Code,
	})
}

func granted(origin, name, secret string) (string, error) {
	form := strings.NewReader(url.Values{"grant_type": {"client_credentials"}}.Encode())
	request, err := http.NewRequest(http.MethodPost, origin+"/oauth/token", form)
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(name, secret)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	err = json.NewDecoder(answer.Body).Decode(&token)
	return token.AccessToken, err
}
