using Broker.Cli.Client;

namespace Broker.Cli.RocketWs;

/// <summary>The address of a message source as people type it.</summary>
internal static class SourceUrl
{
    /// <summary><c>http://</c> is added where it is missing. Null for what is no address, or has a user or a password in it.</summary>
    public static Uri? Read(string text) =>
        NodeHttp.ReadUrl(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}");

    /// <summary>Says what is wrong, but no password.</summary>
    public static string Wrong(string text) =>
        $"Wrong url: {(text.Contains('@', StringComparison.Ordinal) ? "one with a user or a password in it" : text)}. Correct example: http://domain.com";
}
