using CovidCt.Onnx.DependencyInjection;
using CovidCt.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds ONNX files to the models of an application.</summary>
public static class CovidCtOnnxServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="CovidCt.Answers.ICtClassifier"/> for ONNX files, once for the application and safe for many threads, with
    /// <see cref="CovidCt.Imaging.IImageDecoder"/> and <see cref="CovidCt.Imaging.CanvasTransform"/>. Beside <c>AddCovidCt</c>, of
    /// CovidCt.Core, <see cref="CovidCtOptions.Model"/> takes models of either kind; without it, no libtorch is needed.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; they are validated at start, or on first use where there is no host.</param>
    public static IServiceCollection AddCovidCtOnnx(this IServiceCollection services, Action<CovidCtOptions>? configure = null) =>
        services.AddCovidCtFormat<OnnxModelFormat>(configure);
}
