using System.Text.Json;
using System.Text.Json.Serialization;
using Broker.Client.Http;

namespace Broker.Client.Protocol;

/// <summary>How requests are written, and answers and notifications read.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(NativeParams.Connect))]
[JsonSerializable(typeof(NativeParams.Subscribe))]
[JsonSerializable(typeof(NativeParams.Unsubscribe))]
[JsonSerializable(typeof(NativeParams.Refresh))]
[JsonSerializable(typeof(NativeParams.Publish))]
[JsonSerializable(typeof(NativeParams.History))]
[JsonSerializable(typeof(NativeParams.Presence))]
[JsonSerializable(typeof(NativeParams.Ping))]
[JsonSerializable(typeof(NativeResult.Connected))]
[JsonSerializable(typeof(NativeResult.Subscribed))]
[JsonSerializable(typeof(NativeResult.Refreshed))]
[JsonSerializable(typeof(NativeResult.Published), TypeInfoPropertyName = "PublishedResult")]
[JsonSerializable(typeof(NativeResult.Page))]
[JsonSerializable(typeof(NativeResult.Nothing))]
[JsonSerializable(typeof(NativeError))]
[JsonSerializable(typeof(NativeNotice.Event))]
[JsonSerializable(typeof(NativeNotice.Joined))]
[JsonSerializable(typeof(NativeNotice.Left))]
[JsonSerializable(typeof(NativeNotice.Reset))]
[JsonSerializable(typeof(NativeNotice.Unsubscribed))]
[JsonSerializable(typeof(PresenceReport))]
[JsonSerializable(typeof(ApiRequest.Publish), TypeInfoPropertyName = "ApiPublish")]
[JsonSerializable(typeof(ApiRequest.Batch))]
[JsonSerializable(typeof(ApiRequest.History), TypeInfoPropertyName = "ApiHistory")]
[JsonSerializable(typeof(ApiRequest.Presence), TypeInfoPropertyName = "ApiPresence")]
[JsonSerializable(typeof(ApiRequest.Channels))]
[JsonSerializable(typeof(ApiRequest.Disconnect))]
[JsonSerializable(typeof(ApiRequest.Unsubscribe), TypeInfoPropertyName = "ApiUnsubscribe")]
[JsonSerializable(typeof(ApiResult.Entries))]
[JsonSerializable(typeof(ChannelList))]
[JsonSerializable(typeof(ApiResult.Sessions))]
[JsonSerializable(typeof(ApiResult.Subscriptions))]
[JsonSerializable(typeof(BrokerProblem))]
internal sealed partial class ClientJson : JsonSerializerContext;
