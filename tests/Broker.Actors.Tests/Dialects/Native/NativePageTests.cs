using System.Reflection;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Sessions;

namespace Broker.Actors.Tests.Dialects.Native;

/// <summary>docs/native.md is what clients are written from: its tables are the code's.</summary>
public sealed class NativePageTests
{
    private static readonly Lazy<string> Page = new(() => File.ReadAllText(Path.Combine(Root(), "docs", "native.md")));

    [Fact]
    public void Page_HasEveryCloseCode()
    {
        foreach (var disconnect in Disconnect.Catalogue)
        {
            var row = Row($"| {disconnect.Code} |");
            row.ShouldContain($"| {disconnect.Reason}");
            row.Split('|')[3].Trim().StartsWith(disconnect.MayReconnect ? "yes" : "no", StringComparison.Ordinal).ShouldBeTrue(row);
        }
    }

    [Fact]
    public void Page_HasEveryErrorOfTheDialect()
    {
        var errors = typeof(NativeErrors).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Concat(typeof(JsonRpcError).GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Select(property => property.GetValue(null)).OfType<JsonRpcError>()
            .Where(error => error.Code != JsonRpcError.ServerError.Code);
        foreach (var error in errors)
        {
            Row($"| {error.Code} |").ShouldContain($"| {error.Message} |");
        }
    }

    [Fact]
    public void Page_HasEveryEndOfASubscription()
    {
        foreach (var end in SubscriptionEnd.Catalogue)
        {
            Row($"| {end.Code} |").ShouldContain($"| {end.Reason} |");
        }
    }

    private static string Row(string start) =>
        Page.Value.Split('\n').Single(line => line.StartsWith(start, StringComparison.Ordinal));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Broker.sln")))
        {
            folder = Path.GetDirectoryName(folder).ShouldNotBeNull("the repository is around the tests");
        }

        return folder;
    }
}
