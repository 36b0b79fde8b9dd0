using System.Text.Json;
using System.Text.Json.Serialization;

namespace Broker.Samples.Chat;

/// <summary>How the chat writes and reads what is said.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Said))]
internal sealed partial class ChatJson : JsonSerializerContext;
