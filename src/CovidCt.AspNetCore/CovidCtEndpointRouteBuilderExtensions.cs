using System.Net.Mime;
using CovidCt.AspNetCore;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps CovidCt's endpoints.</summary>
public static class CovidCtEndpointRouteBuilderExtensions
{
    private const string Tag = "covidct", Png = "image/png", Json = "application/json";

    private static readonly int[] Refusals = [400, 408, 413, 415, 422, 429, 503];

    /// <summary>Maps the model that is registered without a name.</summary>
    /// <inheritdoc cref="MapCovidCt(IEndpointRouteBuilder, string, string)"/>
    public static RouteGroupBuilder MapCovidCt(this IEndpointRouteBuilder endpoints, string prefix) => Map(endpoints, prefix, "");

    /// <summary>
    /// Maps a model: <c>GET</c> of the prefix is a page to try it with, <c>POST</c> answers about an image or a DICOM file, <c>POST</c> of
    /// <c>explain</c> below it gives the map, <c>POST</c> of <c>series</c> answers once about a zipped series, <c>GET</c> of <c>model</c>
    /// says what the model is.
    /// </summary>
    /// <param name="endpoints">Where endpoints are added.</param>
    /// <param name="prefix">Where the model's begin, such as <c>/ct</c>; <c>/</c> for the whole site.</param>
    /// <param name="model">The name that the model is registered under.</param>
    /// <returns>The endpoints, to which the application adds what holds of all, such as authorisation.</returns>
    /// <exception cref="InvalidOperationException"><c>AddCovidCtService</c> was not called.</exception>
    public static RouteGroupBuilder MapCovidCt(this IEndpointRouteBuilder endpoints, string prefix, string model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return Map(endpoints, prefix, model);
    }

    /// <summary>
    /// Maps <c>live</c>, which answers as long as the process does, and <c>ready</c>, which does once every model that is mapped has
    /// answered, and until then says why not.
    /// </summary>
    /// <param name="endpoints">Where endpoints are added.</param>
    /// <param name="prefix">Where they begin. Default: <c>/health</c>.</param>
    public static IEndpointConventionBuilder MapCovidCtHealth(this IEndpointRouteBuilder endpoints, string prefix = "/health")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var group = endpoints.MapGroup(prefix);
        group.MapHealthChecks("/live", new HealthCheckOptions { Predicate = _ => false });
        group.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = check => check.Name == Tag, ResponseWriter = Write });
        return group;
    }

    internal static IHealthChecksBuilder AddReadiness(this IHealthChecksBuilder checks) => checks.Add(
        new HealthCheckRegistration(Tag, provider => provider.GetRequiredService<Readiness>(), failureStatus: null, tags: null));

    private static RouteGroupBuilder Map(IEndpointRouteBuilder endpoints, string prefix, string model)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var readiness = endpoints.ServiceProvider.GetService<Readiness>()
            ?? throw new InvalidOperationException("Call services.AddCovidCtService() before a model is mapped.");
        readiness.Add(model);
        var own = new ModelEndpoints(model, endpoints.ServiceProvider);
        var group = endpoints.MapGroup(prefix).WithTags(model.Length == 0 ? Tag : model);
        ServicePage.Map(group, prefix.TrimEnd('/'));
        Post(group, "", own.Classify, "Answers about a slice", "Classifies one CT slice: an image, or a DICOM file with one frame. With "
            + "Accept: image/png it gives the map of the answer as a picture instead.")
            .Produces<Answer>(StatusCodes.Status200OK, Json);
        Post(group, "/explain", own.Explain, "Shows where the network saw a class", "Gives the map laid over the slice, as a "
            + "picture, or with Accept: application/json the answer, the slice and the map. The query takes label, the class; method, "
            + "grad-cam, grad-cam++ or layer-cam; and of a picture opacity, from 0 to 1.")
            .Produces<Explanation>(StatusCodes.Status200OK, Json, Png);
        Post(group, "/series", own.Series, "Answers once about a series", "Answers once about each CT series in a ZIP archive of DICOM "
            + "files, by the slices that show lungs. The query takes rule: mean, top:N or share:P. One series is answered about at a time.")
            .Produces<SeriesAnswers>(StatusCodes.Status200OK, Json);
        group.MapGet("/model", own.Card).WithSummary("Says what the model is")
            .WithDescription("What it expects and answers, with the model card of its study.")
            .Produces<Card>(StatusCodes.Status200OK, Json).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    // What isn't a form comes to the second one, which says so itself where the type is wrong.
    private static RouteHandlerBuilder Post(
        RouteGroupBuilder group, string route, Func<HttpContext, Task<IResult>> answer, string summary, string description)
    {
        group.MapPost(route, (Delegate)answer).ExcludeFromDescription();
        var endpoint = group.MapPost(route, (Delegate)answer).WithSummary(summary).WithDescription($"{description} {Upload.Wanted}")
            .Accepts<Upload>("multipart/form-data").DisableAntiforgery();
        foreach (var status in Refusals)
        {
            endpoint.ProducesProblem(status);
        }

        return endpoint;
    }

    private static Task Write(HttpContext http, HealthReport report)
    {
        var models = report.Entries.Values.SelectMany(entry => entry.Data).ToDictionary(model => model.Key, model => (string)model.Value);
        http.Response.ContentType = MediaTypeNames.Application.Json;
        var status = report.Status == HealthStatus.Healthy ? "ready" : "not ready";
        return http.Response.WriteAsJsonAsync(new Readiness.Report(status, models), AnswersJson.Default.Report);
    }
}
