using Broker.Actors.Dialects.JsonRpcWs;
using Broker.Node.JsonRpc;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>What is wrong with a service is said when the node starts, by the names of the settings.</summary>
public sealed class ServiceSettingsTests
{
    private static string Chat => SampleLibrary.PathOf("JsonRpcChat");

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "Name", "", "Broker:JsonRpc:Services:0:Name is required." },
        { "Name", "Chat", "Broker:JsonRpc:Services:0:Name must be of lower-case letters, digits, - and _." },
        { "Name", "a/b", "Broker:JsonRpc:Services:0:Name must be of lower-case letters, digits, - and _." },
        { "Assembly", "", "Broker:JsonRpc:Services:0:Assembly is required." },
        { "Assembly", "none.dll", "Broker:JsonRpc:Services:0:Assembly \"none.dll\" is not there: no file " },
        { "Assembly", Path.ChangeExtension(Chat, ".deps.json"), "Broker:JsonRpc:Services:0:Assembly \"" + Path.ChangeExtension(Chat, ".deps.json") + "\" cannot be loaded: " },
        { "Assembly", SampleLibrary.PathOf("Lines"), "Broker:JsonRpc:Services:0:Assembly Broker.Samples.Lines.dll has no public class that is Broker.Actors.Dialects.JsonRpcWs.JsonRpcService." },
        { "Type", "Chat", "Broker:JsonRpc:Services:0:Type \"Chat\" is none of Broker.Samples.JsonRpcChat.dll that is Broker.Actors.Dialects.JsonRpcWs.JsonRpcService; there is Broker.Samples.JsonRpcChat.ChatService." },
        { "App", "shop", "Broker:JsonRpc:Services:0:App \"shop\" is no app; there is default." },
        { "Path", "/chat", "Broker:JsonRpc:Services:0:Path is not a setting." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Start_WhenASettingIsWrong_StopsWithItsName(string name, string value, string message)
    {
        var settings = SampleLibrary.AsService("JsonRpcChat", "chat").Where(setting => setting.Item1 != $"Broker:JsonRpc:Services:0:{name}");

        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync([.. settings, ($"Broker:JsonRpc:Services:0:{name}", value)]));

        wrong.Failures.First().ShouldStartWith(message);
    }

    [Theory]
    [InlineData("Callbacks", "0", "Broker:JsonRpc:Callbacks must be between 1 and 10000.")]
    [InlineData("CloseOnCallError", "yes", "Broker:JsonRpc:CloseOnCallError must be true or false")]
    [InlineData("CallTime", "00:00:00", "Broker:JsonRpc:CallTime must be between 00:00:00.0100000 and 1.00:00:00.")]
    [InlineData("AnswerTime", "5", "Broker:JsonRpc:AnswerTime must be a time such as 00:00:25")]
    [InlineData("QueuedCalls", "0", "Broker:JsonRpc:QueuedCalls must be between 1 and 10000.")]
    [InlineData("QueuedBytes", "1", "Broker:JsonRpc:QueuedBytes must be between 1024 and 1073741824.")]
    public async Task Start_WhenALimitIsWrong_StopsWithItsName(string name, string value, string message)
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(($"Broker:JsonRpc:{name}", value)));

        wrong.Failures.First().ShouldStartWith(message);
    }

    [Fact]
    public async Task Start_WhenANameIsThereTwice_SaysSo()
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(
            [.. SampleLibrary.AsService("JsonRpcChat", "chat"), .. SampleLibrary.AsService("Channels", "chat", number: 1)]));

        wrong.Failures.ShouldBe(["Broker:JsonRpc:Services:1:Name \"chat\" is there twice."]);
    }

    [Fact]
    public async Task Start_WhenCodeAndSettingsHaveOneName_SaysSo() =>
        (await FailureAsync<Fine>("chat", SampleLibrary.AsService("JsonRpcChat", "chat"))).ShouldBe(
            "Broker:JsonRpc:Services:0:Type Broker.Samples.JsonRpcChat.ChatService has the name \"chat\", which another service of this host has.");

    [Fact]
    public async Task Start_WhenAClassCannotBeAService_SaysWhy()
    {
        var name = typeof(ServiceSettingsTests).FullName;
        (await FailureAsync<Abstract>("s")).ShouldBe($"The service \"s\": {name}+Abstract is abstract or generic, so there can be no instance of it.");
        (await FailureAsync<Hidden>("s")).ShouldBe($"The service \"s\": {name}+Hidden has no public constructor.");
        (await FailureAsync<Wanting>("s")).ShouldBe($"The service \"s\": {name}+Wanting asks in its constructor for System.Text.StringBuilder, which this host does not provide.");
        (await FailureAsync<Twice>("s")).ShouldBe($"The service \"s\": {name}+Twice has two methods that clients would call \"do_it\": give one another name by [JsonRpcMethod].");
        (await FailureAsync<ByReference>("s")).ShouldBe($"The service \"s\": {name}+ByReference has the method Read, whose parameter text cannot come from JSON.");
    }

    [Fact]
    public void Name_ThatIsNone_IsRefusedAtOnce() =>
        Should.Throw<ArgumentException>(() => new ServiceCollection().AddJsonRpcService<Fine>("Not a name"));

    private static async Task<string> FailureAsync<TService>(string name, params (string, string)[] settings)
        where TService : JsonRpcService
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(
            builder => builder.Services.AddJsonRpcService<TService>(name), settings));
        return wrong.Failures.ShouldHaveSingleItem();
    }

    public sealed class Fine : JsonRpcService;

    public abstract class Abstract : JsonRpcService;

    public sealed class Hidden : JsonRpcService
    {
        private Hidden()
        {
        }
    }

    public sealed class Wanting(System.Text.StringBuilder text) : JsonRpcService
    {
        public string Text() => text.ToString();
    }

    public sealed class Twice : JsonRpcService
    {
        public void DoIt()
        {
        }

        public Task DoItAsync() => Task.CompletedTask;
    }

    public sealed class ByReference : JsonRpcService
    {
        public void Read(ReadOnlySpan<char> text) => _ = text.Length;
    }
}
