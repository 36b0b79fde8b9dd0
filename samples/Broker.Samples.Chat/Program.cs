using Broker.Client;
using Broker.Samples.Chat;

// A chat in the terminal, in the app `demo`: start a node by ./run, and then
//   dotnet run --project samples/Broker.Samples.Chat -- ann
// Kill the node, write on, and start it again: what was written meanwhile is said then. The end of the input (Ctrl-D) leaves.
if (args.Length is 0 or > 3)
{
    Console.Error.WriteLine("chat NAME [CHANNEL] [URL]");
    return 2;
}

var name = args[0];
var channel = args.Length > 1 ? args[1] : "lobby";
await using var client = new BrokerClient(new BrokerClientOptions
{
    Url = new Uri(args.Length > 2 ? args[2] : "ws://localhost:9772/rpc"),
    App = "demo",
    User = name,
    PublishTimeout = TimeSpan.FromMinutes(5),
    StateChanged = change => Console.WriteLine(change.End is { } end ? $"* {change.State}: {end.Code} {end.Reason}" : $"* {change.State}"),
});

var room = client.Subscribe(channel, new SubscribeOptions { IsPresent = true });
var reading = ReadAsync();
var saying = new List<Task>();
while (await Console.In.ReadLineAsync() is { } line)
{
    saying.Add(SayAsync(line));
}

await Task.WhenAll(saying);
await room.DisposeAsync();
await reading;
return 0;

async Task ReadAsync()
{
    try
    {
        await foreach (var item in room)
        {
            Console.WriteLine(item switch
            {
                ChannelItem.Event { Name: "said" } said when said.Data.As(ChatJson.Default.Said) is { } what => $"{what.By}: {what.Text}",
                ChannelItem.Event other => $"* {other.Name} {other.Data}",
                ChannelItem.Broadcast broadcast => $"* to all: {broadcast.Data}",
                ChannelItem.Joined joined => $"* {joined.User} joined",
                ChannelItem.Left left => $"* {left.User} left",
                ChannelItem.Resumed => "* back; nothing is missing",
                ChannelItem.Gap gap => $"* something may be missing here ({gap.Reason})",
                _ => $"* {item}",
            });
        }
    }
    catch (BrokerException ended)
    {
        Console.WriteLine($"* {ended.Message}");
    }
}

async Task SayAsync(string text)
{
    try
    {
        await client.PublishAsync(channel, "said", new Said(name, text), ChatJson.Default.Said);
    }
    catch (BrokerException failure)
    {
        Console.WriteLine($"* not said: {failure.Message}");
    }
}
