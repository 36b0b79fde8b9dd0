using System.Net;
using System.Text;
using System.Text.Json;
using Broker.Actors.Dialects.Http;
using Broker.Node.Endpoints;
using Broker.Node.Tests.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Endpoints;

/// <summary>The document that the node serves says what the node does.</summary>
public sealed class OpenApiTests : IAsyncLifetime
{
    private BrokerNode _node = null!;
    private JsonElement _document;
    private JsonSchema _schemas = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await BrokerNode.StartAsync();
        var served = await _node.Http.GetAsync(ApiEndpoints.DocumentPath);
        served.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        _document = JsonDocument.Parse(await served.Content.ReadAsStringAsync()).RootElement;
        _schemas = new JsonSchema(_document);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public void Document_HasEveryRouteAndNoOther()
    {
        var mapped = _node.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => (method, endpoint.RoutePattern.RawText!)) ?? [])
            .Where(route => Problems.Are(route.Item2))
            .Select(route => $"{route.method} {route.Item2}");

        Operations.Select(operation => $"{operation.Method.ToUpperInvariant()} {operation.Path}").ShouldBe(mapped, ignoreOrder: true);
    }

    [Fact]
    public void Document_HasEveryProblemWithAnExampleThatIsTheCodes()
    {
        var schema = _document.GetProperty("components").GetProperty("schemas").GetProperty("Problem");
        var examples = _document.GetProperty("components").GetProperty("responses").EnumerateObject()
            .SelectMany(response => response.Value.GetProperty("content").GetProperty(ApiProblem.ContentType).GetProperty("examples").EnumerateObject()
                .Select(example => (Response: response.Name, Problem: example.Value.GetProperty("value"))))
            .ToArray();

        schema.GetProperty("properties").GetProperty("code").GetProperty("enum").EnumerateArray().Select(code => code.GetString())
            .ShouldBe(ApiProblem.Catalogue.Select(entry => entry.Code));
        foreach (var (response, problem) in examples)
        {
            _schemas.Mistakes(schema, problem).ShouldBeEmpty();
            var entry = ApiProblem.Catalogue.Single(entry => entry.Code == problem.GetProperty("code").GetString());
            problem.GetProperty("title").GetString().ShouldBe(entry.Title);
            problem.GetProperty("status").GetRawText().ShouldBe(entry.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
            response.ShouldBe(problem.GetProperty("status").GetRawText());
        }

        examples.Select(example => example.Problem.GetProperty("code").GetString())
            .ShouldBe(ApiProblem.Catalogue.Where(entry => entry != ApiProblem.MethodNotAllowed).Select(entry => entry.Code), ignoreOrder: true);
    }

    [Fact]
    public void EveryExample_FitsItsSchema()
    {
        var checkedExamples = 0;
        foreach (var operation in Operations.Where(operation => operation.Method == "post"))
        {
            foreach (var media in new[] { Request(operation), Answer(operation) })
            {
                foreach (var example in media.GetProperty("examples").EnumerateObject())
                {
                    _schemas.Mistakes(media.GetProperty("schema"), example.Value.GetProperty("value"), $"{operation.Path} {example.Name}").ShouldBeEmpty();
                    checkedExamples++;
                }
            }
        }

        checkedExamples.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task EveryRequest_SentToTheNode_IsAnsweredAsItSays()
    {
        foreach (var operation in Operations.Where(operation => operation.Method == "post"))
        {
            foreach (var example in Request(operation).GetProperty("examples").EnumerateObject())
            {
                using var content = new StringContent(example.Value.GetProperty("value").GetRawText(), Encoding.UTF8, "application/json");
                using var reply = await _node.Http.PostAsync(operation.Path, content);
                var answer = JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement;

                reply.StatusCode.ShouldBe(HttpStatusCode.OK, $"{operation.Path} {example.Name}: {answer}");
                _schemas.Mistakes(Answer(operation).GetProperty("schema"), answer, $"{operation.Path} {example.Name}").ShouldBeEmpty();
            }
        }
    }

    [Theory]
    [InlineData("publish", """{"channel":1,"data":1}""")]
    [InlineData("history", "[]")]
    [InlineData("channels", """{"app":"nowhere"}""")]
    public async Task EveryProblem_OfTheNode_FitsItsSchema(string method, string body)
    {
        var (_, problem) = await _node.ApiAsync(method, body);

        _schemas.Mistakes(_document.GetProperty("components").GetProperty("schemas").GetProperty("Problem"), problem).ShouldBeEmpty();
    }

    private IEnumerable<(string Path, string Method, JsonElement Operation)> Operations =>
        from path in _document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name, operation.Value);

    private static JsonElement Request((string Path, string Method, JsonElement Operation) operation) =>
        operation.Operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json");

    private static JsonElement Answer((string Path, string Method, JsonElement Operation) operation) =>
        operation.Operation.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json");
}
