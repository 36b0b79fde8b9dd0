using Broker.Node.Apps;
using Broker.Node.Settings;

namespace Broker.Node.Hosting;

/// <summary>Tells whoever started the node how to try it. For people only: machines get log lines.</summary>
internal sealed class Banner(BrokerOptions options, AppDirectory apps)
{
    public void Write(IReadOnlyList<string> addresses)
    {
        // Of a node with listeners of its own nobody knows here what is where. A unix socket is not for people.
        if (options.Log == LogFormat.Text && options.Listeners.Count == 0 && addresses.FirstOrDefault(address => !address.Contains("://unix:", StringComparison.Ordinal)) is { } first)
        {
            Console.Out.Write(Text(Reachable(first)));
        }
    }

    private string Text(string url)
    {
        var socket = "ws" + url["http".Length..];
        var page = apps.HasDemo ? $"  browser   {url}/ in two tabs\n" : "";
        return $$$$"""

            Broker is up. Try it:
            {{{{page}}}}  terminal  npx wscat -c {{{{socket}}}}/rocketws
                        > {"jsonrpc": "2.0", "id": 0, "method": "subscribe", "params": {"channel": "chat"}}
              backend   curl {{{{url}}}}/rocketws -d '{"jsonrpc": "2.0", "id": 0, "method": "emit", "params": {"channel": "chat", "data": {"message": "hola!"}}}'
              health    curl {{{{url}}}}/health/ready

            Ctrl-C stops it.


            """;
    }

    // A wildcard is no address to connect to.
    private static string Reachable(string address) => address
        .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
        .Replace("[::]", "localhost", StringComparison.Ordinal)
        .Replace("127.0.0.1", "localhost", StringComparison.Ordinal)
        .TrimEnd('/');
}
