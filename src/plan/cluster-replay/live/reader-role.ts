/**
 * Everything that reading a cluster needs, and nothing else: `list` only (RBAC, rbac.authorization.k8s.io/v1). The
 * account is named by `name` in `namespace`; pods of Tailrace run with it.
 */
export const readerRole = (name: string, namespace: string): string => `apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, namespace: ${namespace} }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: ${name} }
rules:
  - { apiGroups: [''], resources: [nodes, pods, resourcequotas, events], verbs: [list] }
  - { apiGroups: [metrics.k8s.io], resources: [pods], verbs: [list] }
  - { apiGroups: [kueue.x-k8s.io], resources: [clusterqueues, localqueues, workloads], verbs: [list] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: ${name} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${name} }
subjects:
  - { kind: ServiceAccount, name: ${name}, namespace: ${namespace} }
`;
