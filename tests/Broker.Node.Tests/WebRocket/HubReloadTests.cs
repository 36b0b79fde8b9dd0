using Broker.Node.Tests.Nodes;
using Broker.Node.WebRocket;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.WebRocket;

/// <summary>Hubs take new users and secrets from files while the node runs.</summary>
[Trait("Needs", "server")]
public sealed class HubReloadTests : IDisposable
{
    private const string Ann = """{"authenticate":{"user":"ann","secret":"a"}}""";
    private const string IsAnn = """{"authenticated":"ann"}""";
    private const string Ok = """{"ok":true}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("broker-hubs");

    private string Settings => Path.Combine(_folder.FullName, "settings.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Secrets_ThatChange_AreTakenAndWhoCameInByThemIsClosed()
    {
        await WriteAsync(readWrite: "w", annsPermission: 3);
        await using var node = await StartAsync();
        await using var writer = await RocketClient.ConnectAsync(node.Socket("/hub"), "read-write", "w");
        await using var reader = await RocketClient.ConnectAsync(node.Socket("/hub"), "read-only", "r");
        await using var ann = await RocketClient.ConnectAsync(node.Socket("/hub"), "ann", "a");
        await using var nobody = await RocketClient.ConnectAsync(node.Socket("/hub?v=1"));
        await using var gone = await RocketClient.ConnectAsync(node.Socket("/hub"), "read-write", "w");
        await gone.AskAsync("""{"subscribe":{"channel":"c"}}""", Ok);
        await gone.AskAsync("""{"logout":true}""", Ok);   // and hears its channel yet
        await reader.AskAsync("""{"subscribe":{"channel":"c"}}""", Ok);

        await WriteAsync(readWrite: "new", annsPermission: 3);
        await LookAsync(node);

        foreach (var client in new[] { writer, gone })
        {
            await client.Socket.WaitForCloseAsync();
            ((int?)client.Socket.CloseStatus).ShouldBe(3005);
        }

        await nobody.AskAsync("""{"auth":{"access":"read-write","secret":"w"}}""", """{"err":"invalid_credentials"}""");
        await nobody.AskAsync("""{"auth":{"access":"read-write","secret":"new"}}""", Ok);
        await ann.AskAsync("""{"broadcast":{"event":"e","channel":"c"}}""", """{"broadcasted":"c"}""");
        await reader.ExpectAsync("""{"event":"e","channel":"c"}""");
    }

    [Theory]
    [InlineData(3, 1, true)]
    [InlineData(3, 2, true)]
    [InlineData(3, 7, false)]
    [InlineData(1, 3, false)]
    [InlineData(3, null, true)]
    public async Task Permissions_ThatAreTaken_CloseAndThoseThatAreGivenCountFromTheNextTime(int before, int? after, bool isClosed)
    {
        await WriteAsync("w", before);
        await using var node = await StartAsync();
        await using var ann = await RocketClient.ConnectAsync(node.Socket("/hub"), "ann", "a");
        await ann.AskAsync("""{"subscribe":{"channel":"c"}}""", """{"subscribed":"c"}""");

        await WriteAsync("w", after);
        await LookAsync(node);

        if (isClosed)
        {
            await ann.Socket.WaitForCloseAsync();
            ((int?)ann.Socket.CloseStatus).ShouldBe(3005);
        }
        else
        {
            await ann.AskAsync(Ann, IsAnn);
            await ann.AskAsync("""{"broadcast":{"event":"e","channel":"c"}}""", """{"event":"e","channel":"c"}""");
        }
    }

    /// <summary>The rights of a user who has become another are those of both: the subscriptions of the first go on.</summary>
    [Fact]
    public async Task Users_OfAClientThatWasSeveral_AreAllAskedFor()
    {
        await WriteAsync("w", annsPermission: 3);
        await using var node = await StartAsync();
        await using var ann = await RocketClient.ConnectAsync(node.Socket("/hub"), "ann", "a");
        await using var free = await RocketClient.ConnectAsync(node.Socket("/hub"), "ann", "a");
        await ann.AskAsync("""{"authenticate":{"user":"bob","secret":"b"}}""", """{"authenticated":"bob"}""");
        await free.AskAsync("""{"logout":true}""", """{"loggedOut":true}""");   // version 2 keeps nothing then
        await free.AskAsync("""{"authenticate":{"user":"bob","secret":"b"}}""", """{"authenticated":"bob"}""");

        await WriteAsync("w", annsPermission: null);
        await LookAsync(node);

        await ann.Socket.WaitForCloseAsync();
        await free.AskAsync("""{"subscribe":{"channel":"c"}}""", """{"subscribed":"c"}""");
    }

    [Theory]
    [InlineData("{ no JSON")]
    [InlineData("""{"Broker":{"WebRocket":{"Hubs":[{"Path":"hub"}]}}}""")]
    [InlineData("""{"Broker":{"WebRocket":{"Hubs":[{"Path":"/hub","Secrets":{}}]}}}""")]
    public async Task File_ThatIsNoGoodAnyMore_ChangesNothingUntilItIs(string content)
    {
        await WriteAsync("w", annsPermission: 3);
        await using var node = await StartAsync();
        await using var writer = await RocketClient.ConnectAsync(node.Socket("/hub"), "read-write", "w");

        await File.WriteAllTextAsync(Settings, content);
        await LookAsync(node);
        await writer.AskAsync("""{"auth":{"access":"read-write","secret":"w"}}""", Ok);

        await WriteAsync("new", annsPermission: 3);
        await LookAsync(node);
        await writer.Socket.WaitForCloseAsync();
    }

    [Fact]
    public async Task Hubs_ThatComeOrGo_TakeARestartButLetNobodyInMeanwhile()
    {
        await WriteAsync("w", annsPermission: 3);
        await using var node = await StartAsync();
        await using var ann = await RocketClient.ConnectAsync(node.Socket("/hub"), "ann", "a");
        await using var nobody = await RocketClient.ConnectAsync(node.Socket("/hub?v=2"));

        await WriteAsync("w", annsPermission: 3, path: "/other");
        await LookAsync(node);

        await ann.Socket.WaitForCloseAsync();
        await nobody.AskAsync(Ann, """{"err":"INVALID_USER"}""");
        (await node.Http.GetAsync("/other")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task VersionAndDirect_AreTakenToo()
    {
        await WriteAsync("w", annsPermission: 3);
        await using var node = await StartAsync();
        await WriteAsync("w", annsPermission: 3, more: ""","Direct":true,"Version":"2" """);
        await LookAsync(node);
        await using var client = await RocketClient.ConnectAsync(node.Socket("/hub?v=1"));

        (await client.AskAsync(Ann))["client"].ShouldNotBeNull();
    }

    private static Task LookAsync(BrokerNode node) => node.Services.GetRequiredService<HubReload>().LookAsync();

    private Task<BrokerNode> StartAsync() =>
        BrokerNode.StartAsync(builder => builder.Configuration.AddJsonFile(Settings, optional: false, reloadOnChange: false));

    /// <param name="annsPermission">Null for no such user.</param>
    private Task WriteAsync(string readWrite, int? annsPermission, string path = "/hub", string more = "")
    {
        var ann = annsPermission is null ? "" : $$""","Users":[{"Name":"bob","Secret":"b","Permission":3},{"Name":"ann","Secret":"a","Permission":{{annsPermission}}}]""";
        var bob = annsPermission is null ? ""","Users":[{"Name":"bob","Secret":"b","Permission":3}]""" : "";
        return File.WriteAllTextAsync(
            Settings,
            $$"""{"Broker":{"WebRocket":{"Hubs":[ { "Path":"{{path}}","Credentials":{"ReadOnly":"r","ReadWrite":"{{readWrite}}"} {{ann}} {{bob}} {{more}} } ] } } }""");
    }
}
