/** Id of a service's section, for links within the page. Service names are [A-Za-z0-9._-]. */
export const sectionId = (service: string): string => `service-${service}`;

/** Id of that section's heading; names the panels in it. */
export const sectionTitleId = (service: string): string => `${sectionId(service)}-title`;
