namespace CovidCt.Maps;

/// <summary>How a class activation map weighs the channels of a layer.</summary>
public enum CamMethod
{
    /// <summary>
    /// Grad-CAM: channel k weighs as much as its gradient on average over all places,
    /// <c>α_k = (1/Z) Σ_ij ∂y/∂A_ij^k</c>, and the map is <c>Σ_k α_k A^k</c> (Selvaraju et al., ICCV 2017,
    /// arXiv 1610.02391, equations 1 and 2; the ReLU of equation 2 is in <see cref="ClassActivationMap.Normalised"/>).
    /// </summary>
    GradCam,

    /// <summary>
    /// Grad-CAM++: <c>w_k = Σ_ij α_ij^k ReLU(∂y/∂A_ij^k)</c> with <c>α_ij^k = g² / (2 g² + g³ Σ_ab A_ab^k)</c>,
    /// <c>g = ∂y/∂A_ij^k</c> (Chattopadhay et al., WACV 2018, arXiv 1710.11063, for a score behind an exponential).
    /// The factor <c>exp(y)</c>, which is the same for the whole map, is left out. A place without gradient, or whose
    /// denominator is 0, weighs 0.
    /// </summary>
    GradCamPlusPlus,

    /// <summary>
    /// LayerCAM: every place weighs for itself, <c>Σ_k ReLU(∂y/∂A_ij^k) A_ij^k</c> (Jiang et al., IEEE Transactions on
    /// Image Processing 30, 2021); made for inner layers too.
    /// </summary>
    LayerCam,
}
