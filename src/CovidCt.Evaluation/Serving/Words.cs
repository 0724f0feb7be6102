using Microsoft.Extensions.Logging;

namespace CovidCt.Serving;

/// <summary>What is logged; never a word of an image but why it was rejected.</summary>
internal static partial class Words
{
    [LoggerMessage(1, LogLevel.Information, "Model {Model} is {Network}, sha256 {Hash}, looked after each {Interval}.")]
    public static partial void Watching(this ILogger log, string model, string network, string hash, TimeSpan interval);

    [LoggerMessage(2, LogLevel.Information, "Model {Model} was replaced: it is {Network}, sha256 {Hash}, now.")]
    public static partial void Replaced(this ILogger log, string model, string network, string hash);

    [LoggerMessage(3, LogLevel.Warning, "Model {Model} has changed, and what it is now can't be used; the earlier one goes on. {Reason}")]
    public static partial void Refused(this ILogger log, string model, string reason);

    [LoggerMessage(4, LogLevel.Debug, "Model {Model} gave no answer: {Reason}")]
    public static partial void Rejected(this ILogger log, string model, string reason);
}
