using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Broker.Messages.Admin;

namespace Broker.Cli.Tests;

/// <summary>Answers as a node's operators' API does, and keeps what it was asked.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    public const string Token = "a token of 16 characters";

    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private readonly Queue<ClusterReport> _reports = [];

    public FakeNode()
    {
        (_listener, Url) = Listen();
        _serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>Method, path and body of every request with the right token.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>What an order is answered with; an order that was taken, unless a test says otherwise.</summary>
    public (int Status, string Body) Order { get; set; } =
        (200, JsonSerializer.Serialize(new OrderReport(IdOf(2), "n2", "done"), AdminJson.Default.OrderReport));

    /// <summary>Instead of everything else.</summary>
    public (int Status, string Body)? Always { get; set; }

    public IReadOnlyList<ShardReport> Shards { get; set; } =
        [new(0, IdOf(1), "n1", 3, [IdOf(1), IdOf(2)]), new(1, IdOf(2), "n2", 5, [IdOf(2)]), new(2, null, null, 6, [])];

    public static string IdOf(int node) => new Guid(node, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]).ToString("N");

    public static ClusterNode Node(int number, string state = ClusterNode.Up, bool busOk = true) =>
        new(IdOf(number), $"n{number}", $"http://n{number}", state, 1, busOk, ClusterNode.Held, 128);

    public static ClusterReport Report(int unowned = 0, params ClusterNode[] nodes) => new(IdOf(1), IsCluster: true, 256, unowned, nodes);

    /// <summary>What the cluster looks like, each time it is asked for; the last one stays.</summary>
    public void Shows(params ClusterReport[] reports) => Array.ForEach(reports, _reports.Enqueue);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    // HttpListener takes no port 0.
    private static (HttpListener Listener, string Url) Listen()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            probe.Stop();
            var listener = new HttpListener { Prefixes = { url + "/" } };
            try
            {
                listener.Start();
                return (listener, url);
            }
            catch (HttpListenerException)
            {
                listener.Close();   // somebody else was faster
            }
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        var (status, answer) = Always ?? Answer(context.Request, body);
        context.Response.StatusCode = status;
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        context.Response.Close();
    }

    private (int Status, string Body) Answer(HttpListenerRequest request, string body)
    {
        if (request.Headers["Authorization"] != "Bearer " + Token)
        {
            return (401, "");
        }

        Asked.Add($"{request.HttpMethod} {request.Url!.AbsolutePath} {body}".TrimEnd());
        return request switch
        {
            { HttpMethod: "POST" } => Order,
            { Url.AbsolutePath: "/admin/api/cluster" } => (200, JsonSerializer.Serialize(
                _reports.Count > 1 ? _reports.Dequeue() : _reports.Peek(), AdminJson.Default.ClusterReport)),
            _ => (200, JsonSerializer.Serialize(Shards, AdminJson.Default.IReadOnlyListShardReport)),
        };
    }
}
