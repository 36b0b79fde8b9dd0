using System.Text.Json;
using System.Text.Json.Nodes;

namespace Broker.Cli.RocketWs;

/// <summary>
/// RocketWS's interactive shell (rocketws.md, section 8): reads a command, asks for what it needs, posts it to the message source and prints
/// the body of the answer. Ends with <c>exit</c> or the end of its input.
/// </summary>
/// <param name="connect">A source at an address.</param>
internal sealed class RocketWsShell(Surroundings surroundings, Func<Uri, MessageSource> connect, Uri url) : IDisposable
{
    private const string Prompt = "--> ";
    private const string DefaultData = """{"message": "test"}""";

    private static readonly (string Name, string What)[] Commands =
    [
        ("emit", "sends data to the subscribers of a channel"),
        ("notify_all", "sends data to the subscribers of all channels"),
        ("total_subscribers", "lists the subscribers of a channel, or of all"),
        ("available_channels", "lists the channels that have subscribers"),
        ("connect URL", "goes on with the message source at another address"),
        ("help", "lists these"),
        ("exit", "ends the shell; so does the end of its input"),
    ];

    private MessageSource _source = connect(url);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await AskAsync(Prompt, cancellationToken) is { } line)
        {
            var words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words is ["exit"])
            {
                Say("Bye!");
                return;
            }

            if (words.Length > 0)
            {
                await TryAsync(words[0], words.Length > 1 ? words[1] : "", cancellationToken);
            }
        }

        Say("");
    }

    public void Dispose() => _source.Dispose();

    /// <summary>What goes wrong is told, and the shell goes on.</summary>
    private async Task TryAsync(string command, string rest, CancellationToken cancellationToken)
    {
        try
        {
            await DoAsync(command, rest, cancellationToken);
        }
        catch (PbmFailure failure)
        {
            Say(failure.Message);
        }
    }

    private async Task DoAsync(string command, string rest, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case "help":
                foreach (var (name, what) in Commands)
                {
                    Say($"{name,-20}{what}");
                }

                break;
            case "connect": await ConnectAsync(rest, cancellationToken); break;
            case "available_channels": await CallAsync(command, parameters: null, cancellationToken); break;
            case "emit" when await AskForChannelAsync(cancellationToken) is { } channel && await AskForDataAsync(cancellationToken) is { } data:
                await CallAsync(command, new JsonObject { ["channel"] = channel, ["data"] = data }, cancellationToken);
                break;
            case "notify_all" when await AskForDataAsync(cancellationToken) is { } data:
                await CallAsync(command, new JsonObject { ["data"] = data }, cancellationToken);
                break;
            case "total_subscribers" or "get_subscribers" when await AskAsync("channel [all]: ", cancellationToken) is { } channel:
                await CallAsync(command, channel is "" or "all" ? null : new JsonObject { ["channel"] = channel }, cancellationToken);
                break;
            case "emit" or "notify_all" or "total_subscribers" or "get_subscribers":
                break;   // the input ended
            default:
                Say($"Unknown command: {command}. Type help to see what there is.");
                break;
        }
    }

    private async Task CallAsync(string method, JsonObject? parameters, CancellationToken cancellationToken) =>
        Say(await _source.CallAsync(method, parameters, cancellationToken));

    /// <summary>Stays where it is when nobody answers there.</summary>
    private async Task ConnectAsync(string text, CancellationToken cancellationToken)
    {
        if (SourceUrl.Read(text) is not { } url)
        {
            Say(SourceUrl.Wrong(text));
            return;
        }

        var source = connect(url);
        try
        {
            Say(await source.CallAsync("heartbeat", parameters: null, cancellationToken));
        }
        catch (PbmFailure)
        {
            source.Dispose();
            throw;
        }

        _source.Dispose();
        _source = source;
    }

    private async Task<string?> AskForChannelAsync(CancellationToken cancellationToken)
    {
        while (await AskAsync("channel: ", cancellationToken) is { } channel)
        {
            if (channel.Length > 0)
            {
                return channel;
            }

            Say("Invalid value: ");
        }

        return null;
    }

    private async Task<JsonObject?> AskForDataAsync(CancellationToken cancellationToken)
    {
        while (await AskAsync($"data [{DefaultData}]: ", cancellationToken) is { } text)
        {
            if (ObjectIn(text.Length > 0 ? text : DefaultData) is { } data)
            {
                return data;
            }

            Say($"Invalid value: {text}");
        }

        return null;
    }

    private static JsonObject? ObjectIn(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null when the input has ended.</summary>
    private async Task<string?> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        await surroundings.Out.WriteAsync(prompt.AsMemory(), cancellationToken);
        await surroundings.Out.FlushAsync(cancellationToken);
        return (await surroundings.In.ReadLineAsync(cancellationToken))?.Trim();
    }

    private void Say(string text) => surroundings.Out.WriteLine(text);
}
